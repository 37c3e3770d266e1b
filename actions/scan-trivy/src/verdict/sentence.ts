import type { Counts, Finding } from './finding.ts'
import type { ScanVerdict } from './verdict.ts'
import { uncoveredSentence } from './uncovered.ts'
import { severities, type Severity } from './severity.ts'

const named = 3

/** The verdict in one sentence, with the figures that decided. */
export function verdictSentence(
  verdict: ScanVerdict,
  counts: Counts,
  failSeverity: readonly Severity[],
): string {
  const all = severities.map((severity) => `${counts[severity]} ${severity.toLowerCase()}`).join(', ')
  if (verdict.uncovered.length > 0) return [...refusedBy(verdict, all), uncoveredRefusal(verdict)].join('; ')
  if (verdict.kind === 'passed') {
    const old = verdict.fresh.length < sum(counts) ? ' that is new since the baseline' : ''
    return `no finding of ${failSeverity.join(' or ')}${old} (${all})${acceptedNames(verdict)}`
  }
  return refusedBy(verdict, all).join('; ')
}

function acceptedNames({ accepted }: ScanVerdict): string {
  if (accepted.length === 0) return ''
  return `; accepted without being covered: ${accepted.map(({ name }) => name).join(', ')}`
}

function refusedBy({ refusing }: ScanVerdict, all: string): readonly string[] {
  if (refusing.length === 0) return []
  const rest = refusing.length > named ? ` and ${refusing.length - named} more` : ''
  const noun = refusing.length === 1 ? 'finding refuses' : 'findings refuse'
  return [
    `${refusing.length} ${noun} (${all}): ${refusing.slice(0, named).map(findingSentence).join(', ')}${rest}`,
  ]
}

function uncoveredRefusal({ uncovered }: ScanVerdict): string {
  const names = uncovered.map(({ name }) => name).join(', ')
  return (
    `${uncovered.map(uncoveredSentence).join('; ')}: finding nothing there proves nothing; ` +
    `use what is covered, or accept it by name: accept-uncovered: ${names}`
  )
}

/** `CVE-2021-23337 in lodash 4.17.20 (fixed in 4.17.21)`. */
export function findingSentence({ kind, id, pkg, installed, fixed, target }: Finding): string {
  if (kind !== 'vulnerability') return `${id} in ${target}`
  return `${id} in ${pkg} ${installed}${fixed === '' ? ' (no fix yet)' : ` (fixed in ${fixed})`}`
}

function sum(counts: Counts): number {
  return severities.reduce((total, severity) => total + counts[severity], 0)
}
