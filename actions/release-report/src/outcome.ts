import type { Outcome } from '@alt-las/outcome'
import type { Conclusion } from './checklist/conclusion.ts'
import type { ServiceSteps } from './checklist/step.ts'
import type { Entry, Unreadable } from './read/entry.ts'
import type { Timeline } from './read/timeline.ts'

/** All facts about a release. */
export interface ReleaseFacts {
  readonly release: string
  readonly conclusion: Conclusion
  readonly services: readonly ServiceSteps[]
  readonly entries: readonly Entry[]
  readonly unreadable: readonly Unreadable[]
  readonly line: Timeline | null
}

export interface ReportOutcome extends Outcome, ReleaseFacts {
  /** Path of the page. */
  readonly page: string
}
