import type { Evidence } from '@alt-las/outcome'
import { type Entry, entriesOf } from '../read/entry.ts'
import { html, type Html } from './html.ts'

type ScanFinding = Evidence<'scan-trivy'>['findings'][number]

const severities = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'UNKNOWN'] as const
type Severity = (typeof severities)[number]

/** The rest is in the document. */
const mostShown = 20

/** Findings by severity for each service, and those that refused the image. */
export function findingsSection(entries: readonly Entry[]): Html {
  const scans = entriesOf('scan-trivy', entries)
  if (scans.length === 0) return html``
  return html`<section>
    <h2>Findings</h2>
    <div class="wide">
      <table class="narrow">
        <tr>
          <th>service</th>
          ${severities.map((severity) => html`<th class="num">${severity.toLowerCase()}</th>`)}
          <th>verdict</th>
        </tr>
        ${scans.map(row)}
      </table>
    </div>
    ${refusing(scans)}
  </section>`
}

function row({ service, document }: Entry<'scan-trivy'>): Html {
  const { counts } = document.evidence
  return html`<tr>
    <td><b>${service}</b></td>
    ${severities.map(
      (one) =>
        html`<td class="num">
          <span class="${look(one, counts?.[one] ?? 0)}">${counts?.[one] ?? '–'}</span>
        </td>`,
    )}
    <td class="soft">${document.because}</td>
  </tr>`
}

function look(severity: Severity, count: number): string {
  if (count === 0) return 'count'
  return severity === 'CRITICAL' || severity === 'HIGH' ? 'count hot' : 'count warm'
}

function refusing(scans: readonly Entry<'scan-trivy'>[]): Html {
  const listed = scans.flatMap(({ service, document: { evidence } }) => {
    const refused = new Set((evidence.refusing ?? []).map(({ id, pkg }) => `${id} ${pkg}`))
    return (evidence.findings ?? [])
      .filter(({ id, pkg }) => refused.has(`${id} ${pkg}`))
      .map((finding) => ({ service, finding }))
  })
  if (listed.length === 0) return html``
  return html`<ul class="notes">
    ${listed.slice(0, mostShown).map(({ service, finding }) => item(service, finding))}
  </ul>`
}

function item(service: string, { id, severity, pkg, installed, fixed, title }: ScanFinding): Html {
  return html`<li class="is-refused">
    <b>${id}</b> ${severity} in ${service}: ${pkg}
    ${installed}${fixed === '' ? ', no fix yet' : `, fixed in ${fixed}`}. ${title}
  </li>`
}
