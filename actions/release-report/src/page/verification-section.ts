import type { Evidence } from '@alt-las/outcome'
import { type Entry, entriesOf } from '../read/entry.ts'
import { capacityTable } from './capacity-table.ts'
import { html, type Html } from './html.ts'
import { mark } from './mark.ts'

type Check = Evidence<'verify'>['checks'][number]
type Load = NonNullable<Evidence<'verify'>['load']>

/** The checks by kind, and the latency under load. */
export function verificationSection(entries: readonly Entry[]): Html {
  const found = entriesOf('verify', entries)
  if (found.length === 0) return html``
  return html`<section>
    <h2>Verification</h2>
    ${found.map(({ document: { because, evidence } }) => {
      const { checks = [], load = null, capacity = null, uncovered } = evidence
      return html`<p class="soft">${because}</p>
        ${load === null ? null : distribution(load)} ${capacity === null ? null : capacityTable(capacity)}
        ${[...Map.groupBy(checks, (one) => one.kind)].map(([kind, own]) => group(kind, own))}
        ${notCovered(uncovered ?? [])}`
    })}
  </section>`
}

function group(kind: string, checks: readonly Check[]): Html {
  const passed = checks.filter((one) => one.outcome === 'passed').length
  const open = passed === checks.length ? html`` : html`open`
  return html`<details ${open}>
    <summary>${kind} <span class="soft">${passed} of ${checks.length} passed</span></summary>
    <table>
      ${checks.map(
        ({ outcome, name, because, durationMs }) =>
          html`<tr>
            <td style="width:30px">${mark(outcome, { small: true })}</td>
            <td style="width:34%">${name}</td>
            <td class="soft">${because}</td>
            <td class="num soft">${durationMs} ms</td>
          </tr>`,
      )}
    </table>
  </details>`
}

function notCovered(operations: readonly string[]): Html | null {
  return operations.length === 0
    ? null
    : html`<p class="soft">Operations that no test covers: ${operations.join(', ')}.</p>`
}

function distribution(load: Load): Html {
  const most = Math.max(1, ...load.buckets.map(({ count }) => count))
  const row = ({ belowMs, count }: Load['buckets'][number]) =>
    html`<span class="took">≤ ${belowMs} ms</span>
      <div class="track">
        <div class="bar verify tight" style="left:0;width:${((count / most) * 100).toFixed(1)}%"></div>
      </div>
      <span class="took">${count}</span>`
  return html`<details open>
    <summary>
      latency
      <span class="soft"
        >${load.ratePerSecond} requests per second: p50 ${load.p50Ms} ms, p95 ${load.p95Ms} ms, p99
        ${load.p99Ms} ms, ${load.errors} of ${load.count} failed</span
      >
    </summary>
    <div class="gantt" style="margin-top:12px">${load.buckets.map(row)}</div>
  </details>`
}
