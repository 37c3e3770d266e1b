import type { Entry } from '../read/entry.ts'
import { number, record, rows, text, type Facts } from '../read/facts.ts'
import type { Mark } from '../checklist/step.ts'
import { html, type Html } from './html.ts'
import { mark } from './mark.ts'

/** The checks by kind, and how the load felt. */
export function verificationSection(entries: readonly Entry[]): Html {
  const found = entries.filter(({ document }) => document.action === 'verify')
  if (found.length === 0) return html``
  return html`<section>
    <h2>Verification</h2>
    ${found.map(({ document }) => {
      const checks = rows(document.evidence['checks'])
      const kinds = [...Map.groupBy(checks, (one) => text(one['kind']) ?? 'other')]
      const load = record(document.evidence['load'])
      const uncovered = document.evidence['uncovered']
      return html`<p class="soft">${document.because}</p>
        ${number(load['p95Ms']) === null ? null : distribution(load)}
        ${kinds.map(([kind, own]) => group(kind, own))}
        ${
          Array.isArray(uncovered) && uncovered.length > 0
            ? html`<p class="soft">Operations that no test covers: ${uncovered.map(String).join(', ')}.</p>`
            : null
        }`
    })}
  </section>`
}

function group(kind: string, checks: readonly Facts[]): Html {
  const passed = checks.filter((one) => one['outcome'] === 'passed').length
  const open = passed === checks.length ? html`` : html`open`
  return html`<details ${open}>
    <summary>${kind} <span class="soft">${passed} of ${checks.length} passed</span></summary>
    <table>
      ${checks.map(
        (one) =>
          html`<tr>
            <td style="width:30px">${mark(markOf(one['outcome']), { small: true })}</td>
            <td style="width:34%">${text(one['name']) ?? ''}</td>
            <td class="soft">${text(one['because']) ?? ''}</td>
            <td class="num soft">${number(one['durationMs']) ?? ''} ms</td>
          </tr>`,
      )}
    </table>
  </details>`
}

function markOf(outcome: unknown): Mark {
  return outcome === 'passed' || outcome === 'refused' ? outcome : 'failed'
}

function distribution(load: Facts): Html {
  const bars = rows(load['buckets']).map((one) => ({
    below: number(one['belowMs']) ?? 0,
    count: number(one['count']) ?? 0,
  }))
  const most = Math.max(1, ...bars.map((bar) => bar.count))
  const row = (bar: { readonly below: number; readonly count: number }) =>
    html`<span class="took">≤ ${bar.below} ms</span>
      <div class="track">
        <div class="bar verify tight" style="left:0;width:${((bar.count / most) * 100).toFixed(1)}%"></div>
      </div>
      <span class="took">${bar.count}</span>`
  return html`<details open>
    <summary>
      latency
      <span class="soft"
        >${number(load['ratePerSecond']) ?? '?'} requests per second: p50 ${number(load['p50Ms']) ?? '?'} ms,
        p95 ${number(load['p95Ms']) ?? '?'} ms, p99 ${number(load['p99Ms']) ?? '?'} ms,
        ${number(load['errors']) ?? '?'} of ${number(load['count']) ?? '?'} failed</span
      >
    </summary>
    <div class="gantt" style="margin-top:12px">${bars.map(row)}</div>
  </details>`
}
