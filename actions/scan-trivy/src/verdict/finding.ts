import { severities, type Severity } from './severity.ts'

/** One thing that the scanner found, of any of its kinds. */
export interface Finding {
  readonly kind: 'vulnerability' | 'secret' | 'misconfiguration'
  /** `CVE-2021-23337`, or the rule's name. */
  readonly id: string
  /** The package, `` for what is not one. */
  readonly pkg: string
  readonly installed: string
  /** As Trivy lists them, `1.2.3, 2.0.1`; '' where there is no fix yet. */
  readonly fixed: string
  readonly severity: Severity
  readonly title: string
  /** The place in the image: a package file, a path, or the distribution. */
  readonly target: string
  /** 1-based line in `target`, null where there is none. */
  readonly line: number | null
  readonly url: string
  /** Platforms that have it, '' for what has no platform. */
  readonly platforms: readonly string[]
}

export type Counts = Readonly<Record<Severity, number>>

/** What stays the same from one scan to the next: versions and lines may move. */
export function keyOf({ kind, id, pkg, target }: Pick<Finding, 'kind' | 'id' | 'pkg' | 'target'>): string {
  // The target of a package of the distribution holds the name of what was scanned.
  return [kind, id, pkg, kind === 'vulnerability' ? '' : target].join('|')
}

/** The same finding on several platforms, or twice on one, is one finding; the worst come first. */
export function merge(findings: readonly Finding[]): readonly Finding[] {
  const found = new Map<string, Finding>()
  for (const finding of findings) {
    const key = [keyOf(finding), finding.installed, finding.target, String(finding.line)].join('|')
    const known = found.get(key)
    const platforms = [...new Set([...(known?.platforms ?? []), ...finding.platforms])]
    found.set(key, { ...finding, platforms })
  }
  return [...found.values()].toSorted(
    (a, b) =>
      severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
      a.pkg.localeCompare(b.pkg) ||
      a.id.localeCompare(b.id),
  )
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
