import { checklist } from './checklist/checklist.ts'
import { conclude } from './checklist/conclusion.ts'
import { readEntries } from './read/entry.ts'
import type { Inputs } from './inputs.ts'
import { page } from './page/page.ts'
import type { ReportOutcome } from './outcome.ts'
import type { Ports } from './ports.ts'
import { timeline } from './read/timeline.ts'

/** Passes once the report is written, also about a bad release: the sentence and `release-outcome` say how the release ended. */
export async function releaseReport(inputs: Inputs, { files, clock, log }: Ports): Promise<ReportOutcome> {
  const paths = await files.find(inputs.outcomes)
  const { entries, unreadable } = await readEntries(paths, files)
  for (const { because } of unreadable) log.warn(because)
  if (entries.length === 0) log.warn(`no outcome document matches ${inputs.outcomes.join(', ')}`)
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
  const path = await files.writeResult('release-report.html', page(facts, clock.now()))
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
