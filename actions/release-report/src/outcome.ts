import type { Conclusion } from './checklist/conclusion.ts'
import type { Entry, Unreadable } from './read/entry.ts'
import type { ServiceSteps } from './checklist/step.ts'
import type { Timeline } from './read/timeline.ts'

/** Everything that is told about a release. */
export interface ReleaseFacts {
  readonly release: string
  readonly conclusion: Conclusion
  readonly services: readonly ServiceSteps[]
  readonly entries: readonly Entry[]
  readonly unreadable: readonly Unreadable[]
  readonly line: Timeline | null
}
