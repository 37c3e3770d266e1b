import { formatDuration } from '@alt-las/time'
import { number, record } from '../read/facts.ts'
import type { ReleaseFacts } from '../outcome.ts'
import { countsOf } from './findings-section.ts'
import { html, type Html } from './html.ts'

/** What one looks for first, in large type. What nobody measured is left out. */
export function figures({ services, entries, line }: ReleaseFacts): Html {
  const steps = services.flatMap((service) => service.steps).filter((step) => step.mark !== 'not-planned')
  const passed = steps.filter((step) => step.mark === 'passed').length
  const scans = entries
    .filter(({ document }) => document.action === 'scan-trivy')
    .map(({ document }) => countsOf(document.evidence))
  const grave = scans.reduce((sum, one) => sum + (one.critical ?? 0) + (one.high ?? 0), 0)
  const load = record(
    entries.findLast(({ document }) => document.action === 'verify')?.document.evidence['load'],
  )
  const errorRate = number(load['errorRate'])
  const all: readonly (readonly [string | null, string])[] = [
    [steps.length === 0 ? null : `${String(passed)} / ${String(steps.length)}`, 'steps with evidence'],
    [line === null ? null : formatDuration(line.to - line.from), 'from first step to last'],
    [scans.length === 0 ? null : String(grave), 'critical and high findings'],
    [
      number(load['p95Ms']) === null ? null : `${String(load['p95Ms'])} ms`,
      `p95 at ${String(load['ratePerSecond'])} per second`,
    ],
    [
      errorRate === null ? null : `${String(Number((errorRate * 100).toFixed(2)))}%`,
      'failed requests under load',
    ],
  ]
  const shown = all.filter(([value]) => value !== null)
  if (shown.length === 0) return html``
  return html`<div class="figures">
    ${shown.map(([value, name]) => html`<div class="figure"><b>${value}</b><span>${name}</span></div>`)}
  </div>`
}
