import { severities, type Severity } from './severity.ts'

/** One finding of any scanner. */
export interface Finding {
  readonly kind: 'vulnerability' | 'secret' | 'misconfiguration'
  /** `CVE-2021-23337`, or the rule's name. */
  readonly id: string
  /** The package; '' for other kinds. */
  readonly pkg: string
  readonly installed: string
  /** As Trivy lists them, `1.2.3, 2.0.1`; '' where there is no fix yet. */
  readonly fixed: string
  readonly severity: Severity
  readonly title: string
  /** Where in the image: a package file, a path, or `distribution`. */
  readonly target: string
  /** 1-based line in `target`; null where Trivy names none. */
  readonly line: number | null
  readonly url: string
  /** Platforms that have it. */
  readonly platforms: readonly string[]
}

export type Counts = Readonly<Record<Severity, number>>

/** A key that stays the same between two scans: versions and lines may differ. */
export function keyOf({ kind, id, pkg, target }: Pick<Finding, 'kind' | 'id' | 'pkg' | 'target'>): string {
  // The target of a distribution's package contains the name of the scanned image.
  return [kind, findingName(id), pkg, kind === 'vulnerability' ? '' : target].join('|')
}

/** One spelling for the ids of one misconfiguration check: Trivy takes `DS-0002`, `AVD-DS-0002` and `DS002` for the same. */
export function findingName(id: string): string {
  const check = /^(?:AVD-)?([A-Z]{2,5})-?0*(\d{1,4})$/.exec(id)
  return check === null ? id : `${check[1] ?? ''}-${check[2] ?? ''}`
}

/** One entry per finding, with all its platforms and the worst severity that it was given; the worst first. */
export function merge(findings: readonly Finding[]): readonly Finding[] {
  const found = new Map<string, Finding>()
  for (const finding of findings) {
    const key = [keyOf(finding), finding.installed, finding.target, String(finding.line)].join('|')
    const known = found.get(key)
    const platforms = [...new Set([...(known?.platforms ?? []), ...finding.platforms])]
    found.set(key, { ...worseOf(known, finding), platforms })
  }
  return [...found.values()].toSorted(
    (a, b) =>
      severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
      a.pkg.localeCompare(b.pkg) ||
      a.id.localeCompare(b.id),
  )
}

function worseOf(known: Finding | undefined, next: Finding): Finding {
  if (known === undefined) return next
  return severities.indexOf(next.severity) < severities.indexOf(known.severity) ? next : known
}

export function count(findings: readonly Finding[]): Counts {
  const of = (severity: Severity) => findings.filter((finding) => finding.severity === severity).length
  return {
    CRITICAL: of('CRITICAL'),
    HIGH: of('HIGH'),
    MEDIUM: of('MEDIUM'),
    LOW: of('LOW'),
    UNKNOWN: of('UNKNOWN'),
  }
}
