import { formatDuration } from '@alt-las/time'
import type { ReleaseFacts } from '../outcome.ts'
import { entriesOf } from '../read/entry.ts'
import { html, type Html } from './html.ts'

/** The key figures in large type. A figure without a measurement is left out. */
export function figures({ services, entries, line }: ReleaseFacts): Html {
  const steps = services.flatMap((service) => service.steps).filter((step) => step.mark !== 'not-planned')
  const passed = steps.filter((step) => step.mark === 'passed').length
  const counts = entriesOf('scan-trivy', entries).flatMap(({ document }) => document.evidence.counts ?? [])
  const severe = counts.reduce((sum, { CRITICAL, HIGH }) => sum + CRITICAL + HIGH, 0)
  const load = entriesOf('verify', entries).at(-1)?.document.evidence.load ?? null
  const all: readonly (readonly [string | null, string])[] = [
    [steps.length === 0 ? null : `${passed} / ${steps.length}`, 'steps with evidence'],
    [line === null ? null : formatDuration(line.toMs - line.fromMs), 'from first step to last'],
    [counts.length === 0 ? null : `${severe}`, 'critical and high findings'],
    [load === null ? null : `${load.p95Ms} ms`, `p95 at ${load?.ratePerSecond ?? 0} per second`],
    [load === null ? null : `${Number((load.errorRate * 100).toFixed(2))}%`, 'failed requests under load'],
  ]
  const shown = all.filter(([value]) => value !== null)
  if (shown.length === 0) return html``
  return html`<div class="figures">
    ${shown.map(([value, name]) => html`<div class="figure"><b>${value}</b><span>${name}</span></div>`)}
  </div>`
}
