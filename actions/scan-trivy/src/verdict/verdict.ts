import { keyOf, type Finding } from './finding.ts'
import type { Severity } from './severity.ts'

export interface VerdictRules {
  readonly failSeverity: readonly Severity[]
  /** Findings of the last release; null = no baseline, and every finding is new. */
  readonly baseline: readonly Pick<Finding, 'kind' | 'id' | 'pkg' | 'target'>[] | null
}

export interface ScanVerdict {
  readonly kind: 'passed' | 'refused'
  /** New and of a severity that refuses, the worst first. */
  readonly refusing: readonly Finding[]
  /** Not in the baseline. */
  readonly fresh: readonly Finding[]
  /** Ids of the baseline that were not found again. */
  readonly cleared: readonly string[]
}

/** A finding refuses when its severity does and the last release did not have it. */
export function decide(findings: readonly Finding[], { failSeverity, baseline }: VerdictRules): ScanVerdict {
  const before = new Set((baseline ?? []).map(keyOf))
  const now = new Set(findings.map(keyOf))
  const fresh = findings.filter((finding) => !before.has(keyOf(finding)))
  const refusing = fresh.filter(({ severity }) => failSeverity.includes(severity))
  return {
    kind: refusing.length > 0 ? 'refused' : 'passed',
    refusing,
    fresh,
    cleared: [...new Set((baseline ?? []).filter((one) => !now.has(keyOf(one))).map(({ id }) => id))],
  }
}
