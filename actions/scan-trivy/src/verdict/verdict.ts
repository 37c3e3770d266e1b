import { keyOf, type Finding } from './finding.ts'
import type { JudgedUncovered } from './uncovered.ts'
import type { Severity } from './severity.ts'

export interface VerdictRules {
  readonly failSeverity: readonly Severity[]
  /** Findings of the last release; null = no baseline, and every finding is new. */
  readonly baseline: readonly Pick<Finding, 'kind' | 'id' | 'pkg' | 'target'>[] | null
  readonly uncovered: readonly JudgedUncovered[]
}

export interface ScanVerdict {
  readonly kind: 'passed' | 'refused'
  /** New and of a severity that refuses, the worst first. */
  readonly refusing: readonly Finding[]
  /** Not in the baseline. */
  readonly fresh: readonly Finding[]
  /** Ids of the baseline that were not found again. */
  readonly cleared: readonly string[]
  /** Not covered and not accepted: where nothing can be found, no finding means nothing. */
  readonly uncovered: readonly JudgedUncovered[]
  /** Not covered, and accepted by name. */
  readonly accepted: readonly JudgedUncovered[]
}

/** A finding refuses when its severity does and the last release did not have it; what the database does not cover refuses unless accepted. */
export function decide(findings: readonly Finding[], rules: VerdictRules): ScanVerdict {
  const { failSeverity, baseline } = rules
  const before = new Set((baseline ?? []).map(keyOf))
  const now = new Set(findings.map(keyOf))
  const fresh = findings.filter((finding) => !before.has(keyOf(finding)))
  const refusing = fresh.filter(({ severity }) => failSeverity.includes(severity))
  const uncovered = rules.uncovered.filter(({ isAccepted }) => !isAccepted)
  return {
    kind: refusing.length > 0 || uncovered.length > 0 ? 'refused' : 'passed',
    refusing,
    uncovered,
    accepted: rules.uncovered.filter(({ isAccepted }) => isAccepted),
    fresh,
    cleared: [...new Set((baseline ?? []).filter((one) => !now.has(keyOf(one))).map(({ id }) => id))],
  }
}
