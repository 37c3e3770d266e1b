import { checklist } from './checklist/checklist.ts'
import { conclude } from './checklist/conclusion.ts'
import { toMarkdown } from '@alt-las/outcome'
import { entriesOf, readEntries } from './read/entry.ts'
import { keepIssue } from './github/keep-issue.ts'
import { summarize } from './summary.ts'
import type { Inputs } from './inputs.ts'
import { page } from './page/page.ts'
import type { ReportOutcome } from './outcome.ts'
import type { Ports } from './ports.ts'
import { timeline } from './read/timeline.ts'

/** Passes once the report is written, also about a bad release: the sentence and `release-outcome` say how the release ended. */
export async function releaseReport(inputs: Inputs, ports: Ports): Promise<ReportOutcome> {
  const { files, clock, log } = ports
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
  const reported: ReportOutcome = {
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
    issue: '',
  }
  return { ...reported, issue: await tell(reported, inputs, ports) }
}

/** Keeps the issue, and starts the workflow where the services are the cause. Resolves to the URL of the issue. */
async function tell(
  reported: ReportOutcome,
  { issue: label, startWorkflow }: Inputs,
  { github, log, refName }: Ports,
): Promise<string> {
  const { conclusion, entries } = reported
  const passes = conclusion.outcome === 'passed'
  const refusals = entriesOf('verify', entries).filter(({ document }) => document.outcome !== 'passed')
  const isService = refusals.some(({ document }) => document.evidence.cause === 'service')
  if (startWorkflow !== null && !passes && isService) {
    await github.startWorkflow(startWorkflow, refName, {})
    log.line(`started ${startWorkflow} on ${refName}`)
  }
  if (label === null) return ''
  const body = toMarkdown({ ...summarize(reported), title: conclusion.headline })
  const kept = await keepIssue({ label, passes, title: conclusion.headline, body }, github)
  log.line(kept === null ? 'no issue is open' : `issue ${kept.what}: ${kept.url}`)
  return kept?.url ?? ''
}
