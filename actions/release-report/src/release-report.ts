import type { Outcome } from '@alt-las/outcome'
import type { Log } from '@alt-las/runner'
import type { Clock } from '@alt-las/time'
import { checklist } from './checklist/checklist.ts'
import { conclude } from './checklist/conclusion.ts'
import { readEntries, type FoundFile } from './read/entry.ts'
import type { ReportInputs } from './inputs.ts'
import { page } from './page/page.ts'
import type { ReleaseFacts } from './outcome.ts'
import { timeline } from './read/timeline.ts'

export interface Papers {
  /** Every file that fits one of the glob patterns, each once. */
  find(patterns: readonly string[]): Promise<readonly FoundFile[]>
  /** Writes a result of this action; answers its path. */
  write(name: string, text: string): Promise<string>
}

export interface ReportPorts {
  readonly papers: Papers
  readonly clock: Clock
  readonly log: Log
}

export interface ReportOutcome extends Outcome, ReleaseFacts {
  /** Path of the page. */
  readonly page: string
}

/** The report is passed when it is written, whatever it says: a bad release is told by its sentence and by `release-outcome`. */
export async function releaseReport(
  inputs: ReportInputs,
  { papers, clock, log }: ReportPorts,
): Promise<ReportOutcome> {
  const files = await papers.find(inputs.outcomes)
  const { entries, unreadable } = readEntries(files)
  for (const { because } of unreadable) log.warn(because)
  if (entries.length === 0) log.warn(`no outcome document fits ${inputs.outcomes.join(', ')}`)
  const services = checklist(entries, inputs.services)
  const conclusion = conclude(inputs.release, services, entries)
  const facts = {
    release: inputs.release,
    conclusion,
    services,
    entries,
    unreadable,
    line: timeline(entries),
  }
  const path = await papers.write('release-report.html', page(facts, clock.now()))
  log.line(conclusion.sentence)
  return {
    kind: 'passed',
    because: conclusion.sentence,
    subject: { target: inputs.release },
    evidence: {
      release: inputs.release,
      releaseOutcome: conclusion.outcome,
      checklist: services,
      documents: entries.length,
      unreadable,
    },
    ...facts,
    page: path,
  }
}
