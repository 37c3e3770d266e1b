import { advisory } from './advisory.ts'
import { posix } from 'node:path'
import type { Block, Cell, Report, ReportFinding } from '@alt-las/outcome'
import { formatDuration } from '@alt-las/time'
import type { Finding } from './verdict/finding.ts'
import type { ScanEvidence, ScanOutcome } from './outcome.ts'
import { findingSentence } from './verdict/sentence.ts'
import { uncoveredSentence } from './verdict/uncovered.ts'
import { severities, worst } from './verdict/severity.ts'

const shownRows = 50

/** Verdict, counts and upgrades on a short page; the long list is folded. */
export function summarize(outcome: ScanOutcome): Report {
  return {
    title: `scan-trivy: ${outcome.kind} ${outcome.name}`,
    blocks: [
      { kind: 'paragraph', text: outcome.because },
      countsTable(outcome),
      ...refusingTable(outcome),
      ...uncoveredTable(outcome.evidence),
      ...upgradesTable(outcome.evidence),
      ...rest(outcome),
      { kind: 'paragraph', text: provenance(outcome.evidence) },
    ],
    findings: [...refusals(outcome), ...doubts(outcome.evidence), ...warnings(outcome)],
  }
}

/** The outputs besides `outcome`, `because` and `report`. */
export function outputsOf(outcome: ScanOutcome): Readonly<Record<string, string>> {
  const { evidence, files } = outcome
  const { counts, findings } = evidence
  return {
    'critical-count': String(counts.CRITICAL),
    'high-count': String(counts.HIGH),
    'medium-count': String(counts.MEDIUM),
    'low-count': String(counts.LOW),
    'unknown-count': String(counts.UNKNOWN),
    'new-count': String(outcome.fresh.length),
    'fixable-count': String(findings.filter(({ fixed }) => fixed !== '').length),
    'highest-severity': worst(findings.map(({ severity }) => severity)) ?? '',
    'db-updated-at': evidence.database?.updatedAt ?? '',
    sarif: files.sarif ?? '',
    json: files.json ?? '',
    sbom: files.cyclonedx ?? files['spdx-json'] ?? '',
    table: files.table ?? '',
    upgrades: JSON.stringify(
      evidence.upgrades.map(({ clears, ...upgrade }) => ({ ...upgrade, clears: clears.length })),
    ),
  }
}

function countsTable({ evidence, refusing, fresh }: ScanOutcome): Block {
  const { counts, findings } = evidence
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

function uncoveredTable({ uncovered }: ScanEvidence): readonly Block[] {
  if (uncovered.length === 0) return []
  const rows = uncovered.map(({ name, because, platforms, isAccepted }) => [
    { code: name },
    because,
    platforms.join(', '),
    isAccepted ? 'accepted' : 'refuses',
  ])
  return [{ kind: 'table', head: ['Not covered', 'Because it', 'On', ''], rows }]
}

function upgradesTable({ upgrades }: ScanEvidence): readonly Block[] {
  if (upgrades.length === 0) return []
  const rows = upgrades
    .slice(0, shownRows)
    .map(({ pkg, installed, to, clears }) => [
      { code: pkg },
      installed,
      to,
      `${clears.length}: ${clears.slice(0, 5).join(', ')}`,
    ])
  return [{ kind: 'table', head: ['Upgrade', 'From', 'To', 'Clears'], rows }]
}

function rest({ evidence, refusing, reportSeverity }: ScanOutcome): readonly Block[] {
  const others = evidence.findings.filter(
    (one) => reportSeverity.includes(one.severity) && !refusing.includes(one),
  )
  if (others.length === 0) return []
  const summary =
    others.length === 1 ? '1 finding that does not refuse' : `${others.length} findings that do not refuse`
  return [{ kind: 'details', summary, blocks: [findingsTable(others)] }]
}

function idCell({ id, url }: Finding): Cell {
  const href = advisory(url)
  return href === null ? id : { text: id, href }
}

function findingsTable(findings: readonly Finding[]): Block {
  const rows = findings
    .slice(0, shownRows)
    .map((one): readonly Cell[] => [
      one.severity,
      idCell(one),
      { code: one.pkg || one.target },
      one.installed,
      one.fixed || (one.kind === 'vulnerability' ? 'none yet' : ''),
      one.title,
    ])
  const left = findings.length - shownRows
  const more: readonly Cell[][] =
    left > 0 ? [[`${left} more`, '', '', '', '', 'in the outcome document']] : []
  return {
    kind: 'table',
    head: ['Severity', 'Finding', 'In', 'Installed', 'Fixed in', 'Title'],
    rows: [...rows, ...more],
  }
}

function provenance({ scanned, database, cleared }: ScanEvidence): string {
  const what = scanned
    .map(({ platform, os, packages, suppressed }) =>
      [
        platform,
        os || 'no distribution found',
        `${packages} packages`,
        ...(suppressed > 0 ? [`${suppressed} ignored`] : []),
      ]
        .filter((part) => part !== '')
        .join(', '),
    )
    .join('; ')
  const db =
    database === null
      ? 'Vulnerabilities were not scanned.'
      : `Database updated at ${database.updatedAt} (${formatDuration(database.ageMs)} ago) from ${database.repository ?? 'the cache'}.`
  const gone = cleared.length === 0 ? '' : ` No longer found since the baseline: ${cleared.join(', ')}.`
  return `Scanned: ${what}. ${db}${gone}`
}

function refusals({ refusing, directory }: ScanOutcome): readonly ReportFinding[] {
  return refusing.map((one) => ({
    effect: 'refuses',
    title: `${one.severity}: ${one.id}`,
    message: `${findingSentence(one)}${one.title === '' ? '' : `: ${one.title}`}`,
    // A file inside an image is none of the repository.
    ...(directory === null || one.target === 'distribution'
      ? {}
      : { file: posix.join(directory, one.target) }),
    ...(directory === null || one.line === null ? {} : { line: one.line }),
  }))
}

function doubts({ uncovered }: ScanEvidence): readonly ReportFinding[] {
  return uncovered.map((one) =>
    one.isAccepted
      ? { effect: 'warns', message: `${uncoveredSentence(one)}; it is accepted` }
      : {
          effect: 'refuses',
          title: `not covered: ${one.name}`,
          message: `${uncoveredSentence(one)}: finding nothing there proves nothing`,
        },
  )
}

function warnings({ evidence: { ignored }, unusedAccepts }: ScanOutcome): readonly ReportFinding[] {
  const messages = [
    ...unusedAccepts.map((entry) => `accept-uncovered: the entry ${entry} names nothing here; remove it`),
    ...ignored.expired.map((id) => `trivyignores: the entry ${id} has expired; it ignores nothing`),
    ...ignored.unused.map((id) => `trivyignores: the entry ${id} ignores nothing; remove it`),
  ]
  return messages.map((message) => ({ effect: 'warns', message }))
}
