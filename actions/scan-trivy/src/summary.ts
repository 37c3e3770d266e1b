import type { Annotation, Block, Cell, Report } from '@alt-las/outcome'
import { formatDuration } from '@alt-las/time'
import type { Finding } from './verdict/finding.ts'
import type { ScanOutcome } from './outcome.ts'
import { sayFinding } from './verdict/sentence.ts'
import { severities, worst } from './verdict/severity.ts'

const shownRows = 50
const shownAnnotations = 20

/** The verdict, the counts, what to upgrade: a page that is read in ten seconds; the long list is folded. */
export function report(outcome: ScanOutcome): Report {
  return {
    title: `scan-trivy: ${outcome.kind} ${outcome.name}`,
    blocks: [
      { kind: 'paragraph', text: outcome.because },
      countsTable(outcome),
      ...refusingTable(outcome),
      ...upgradesTable(outcome),
      ...rest(outcome),
      { kind: 'paragraph', text: provenance(outcome) },
    ],
    annotations: [...refusals(outcome), ...warnings(outcome)],
  }
}

/** The outputs beside the common ones. */
export function outputs(outcome: ScanOutcome): Readonly<Record<string, string>> {
  const { counts, findings, files } = outcome
  return {
    'critical-count': String(counts.CRITICAL),
    'high-count': String(counts.HIGH),
    'medium-count': String(counts.MEDIUM),
    'low-count': String(counts.LOW),
    'unknown-count': String(counts.UNKNOWN),
    'new-count': String(outcome.fresh.length),
    'fixable-count': String(findings.filter(({ fixed }) => fixed !== '').length),
    'highest-severity': worst(findings.map(({ severity }) => severity)) ?? '',
    'db-updated-at': outcome.database?.updatedAt ?? '',
    sarif: files.sarif ?? '',
    json: files.json ?? '',
    sbom: files.cyclonedx ?? files['spdx-json'] ?? '',
    table: files.table ?? '',
    upgrades: JSON.stringify(
      outcome.upgrades.map(({ clears, ...upgrade }) => ({ ...upgrade, clears: clears.length })),
    ),
  }
}

function countsTable({ counts, refusing, fresh, findings }: ScanOutcome): Block {
  const of = (list: readonly Finding[], severity: string) =>
    String(list.filter((one) => one.severity === severity).length)
  const rows = severities.map((severity) => [
    severity,
    String(counts[severity]),
    of(fresh, severity),
    of(refusing, severity),
  ])
  const total = ['all', String(findings.length), String(fresh.length), String(refusing.length)]
  return { kind: 'table', head: ['Severity', 'Found', 'New', 'Refusing'], rows: [...rows, total] }
}

function refusingTable({ refusing }: ScanOutcome): readonly Block[] {
  return refusing.length === 0 ? [] : [findingsTable(refusing)]
}

function upgradesTable({ upgrades }: ScanOutcome): readonly Block[] {
  if (upgrades.length === 0) return []
  const rows = upgrades
    .slice(0, shownRows)
    .map(({ pkg, installed, to, clears }) => [
      { code: pkg },
      installed,
      to,
      `${String(clears.length)}: ${clears.slice(0, 5).join(', ')}`,
    ])
  return [{ kind: 'table', head: ['Upgrade', 'From', 'To', 'Clears'], rows }]
}

function rest({ findings, refusing, reportSeverity }: ScanOutcome): readonly Block[] {
  const others = findings.filter((one) => reportSeverity.includes(one.severity) && !refusing.includes(one))
  if (others.length === 0) return []
  const summary = `${String(others.length)} ${others.length === 1 ? 'finding' : 'findings'} that ${others.length === 1 ? 'does' : 'do'} not refuse`
  return [{ kind: 'details', summary, blocks: [findingsTable(others)] }]
}

function findingsTable(findings: readonly Finding[]): Block {
  const rows = findings
    .slice(0, shownRows)
    .map((one): readonly Cell[] => [
      one.severity,
      one.url === '' ? one.id : { text: one.id, href: one.url },
      { code: one.pkg || one.target },
      one.installed,
      one.fixed || (one.kind === 'vulnerability' ? 'none yet' : ''),
      one.title,
    ])
  const left = findings.length - shownRows
  const more: readonly Cell[][] =
    left > 0 ? [[`${String(left)} more`, '', '', '', '', 'in the outcome document']] : []
  return {
    kind: 'table',
    head: ['Severity', 'Finding', 'In', 'Installed', 'Fixed in', 'Title'],
    rows: [...rows, ...more],
  }
}

function provenance({ scanned, database, cleared }: ScanOutcome): string {
  const what = scanned
    .map(({ platform, os, packages, suppressed }) =>
      [
        platform,
        os || 'no distribution found',
        `${String(packages)} packages`,
        ...(suppressed > 0 ? [`${String(suppressed)} ignored`] : []),
      ]
        .filter((part) => part !== '')
        .join(', '),
    )
    .join('; ')
  const db =
    database === null
      ? 'No vulnerabilities were looked for.'
      : `Database of ${database.updatedAt} (${formatDuration(database.ageMs)} old) from ${database.repository ?? 'the cache'}.`
  const gone = cleared.length === 0 ? '' : ` Gone since the baseline: ${cleared.join(', ')}.`
  return `Scanned: ${what}. ${db}${gone}`
}

function refusals({ refusing }: ScanOutcome): readonly Annotation[] {
  return refusing.slice(0, shownAnnotations).map((one) => ({
    level: 'error',
    title: `${one.severity}: ${one.id}`,
    message: `${sayFinding(one)}${one.title === '' ? '' : `: ${one.title}`}`,
  }))
}

function warnings({ scanned, ignored }: ScanOutcome): readonly Annotation[] {
  const messages = [
    ...scanned
      .filter(({ osEnded }) => osEnded)
      .map(({ os }) => `${os} gets no security fixes any more: move to a supported release`),
    ...ignored.expired.map((id) => `trivyignores: the entry ${id} has ended and ignores nothing any more`),
    ...ignored.unused.map((id) => `trivyignores: the entry ${id} ignores nothing; take it out`),
  ]
  return messages.map((message) => ({ level: 'warning', message }))
}
