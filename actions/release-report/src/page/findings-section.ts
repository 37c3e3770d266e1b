import type { Entry } from '../read/entry.ts'
import { number, record, rows, text, type Facts } from '../read/facts.ts'
import { html, type Html } from './html.ts'

const severities = ['critical', 'high', 'medium', 'low', 'unknown'] as const

/** What the scans found, service by service, and the findings that refused. */
export function findingsSection(entries: readonly Entry[]): Html {
  const scans = entries.filter(({ document }) => document.action === 'scan-trivy')
  if (scans.length === 0) return html``
  return html`<section>
    <h2>Findings</h2>
    <div class="wide">
      <table class="narrow">
        <tr>
          <th>service</th>
          ${severities.map((severity) => html`<th class="num">${severity}</th>`)}
          <th>verdict</th>
        </tr>
        ${scans.map(row)}
      </table>
    </div>
    ${refusing(scans)}
  </section>`
}

/** Counts by severity, however their names are written. */
export function countsOf(evidence: Facts): Readonly<Record<(typeof severities)[number], number | null>> {
  const counts = Object.fromEntries(
    Object.entries(record(evidence['counts'])).map(([name, value]) => [name.toLowerCase(), number(value)]),
  )
  return Object.fromEntries(severities.map((one) => [one, counts[one] ?? null])) as ReturnType<
    typeof countsOf
  >
}

function row({ service, document }: Entry): Html {
  const counts = countsOf(document.evidence)
  const look = (severity: (typeof severities)[number]) => {
    const count = counts[severity] ?? 0
    if (count === 0) return 'count'
    return severity === 'critical' || severity === 'high' ? 'count hot' : 'count warm'
  }
  return html`<tr>
    <td><b>${service}</b></td>
    ${severities.map((one) => html`<td class="num"><span class="${look(one)}">${counts[one] ?? '–'}</span></td>`)}
    <td class="soft">${document.because}</td>
  </tr>`
}

function refusing(scans: readonly Entry[]): Html {
  const listed = scans.flatMap(({ service, document }) => {
    const wanted = new Set(
      rows(document.evidence['refusing']).map((one) => `${text(one['id']) ?? ''} ${text(one['pkg']) ?? ''}`),
    )
    return rows(document.evidence['findings'])
      .filter((one) => wanted.has(`${text(one['id']) ?? ''} ${text(one['pkg']) ?? ''}`))
      .map((one) => ({ service, one }))
  })
  if (listed.length === 0) return html``
  return html`<ul class="notes">
    ${listed
      .slice(0, 20)
      .map(
        ({ service, one }) =>
          html`<li class="is-refused">
            <b>${text(one['id']) ?? 'finding'}</b> ${text(one['severity']) ?? ''} in ${service}:
            ${text(one['pkg']) ?? ''}
            ${text(one['installed']) ?? ''}${text(one['fixed']) === null ? ', no fix yet' : `, fixed in ${text(one['fixed']) ?? ''}`}.
            ${text(one['title']) ?? ''}
          </li>`,
      )}
  </ul>`
}
