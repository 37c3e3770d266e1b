import type { Finding } from './finding.ts'
import { keyOf } from './finding.ts'
import type { Severity } from './severity.ts'

export interface Gate {
  readonly failSeverity: readonly Severity[]
  /** Findings of the last release; null where there is no baseline, and everything counts as new. */
  readonly baseline: readonly Pick<Finding, 'kind' | 'id' | 'pkg' | 'target'>[] | null
}

export interface Verdict {
  readonly kind: 'passed' | 'refused'
  /** Of a severity that refuses, and new. The worst first. */
  readonly refusing: readonly Finding[]
  readonly fresh: readonly Finding[]
  /** Ids of the baseline that are gone. */
  readonly cleared: readonly string[]
}

/** A finding refuses when its severity does and the last release did not have it. */
export function decide(findings: readonly Finding[], { failSeverity, baseline }: Gate): Verdict {
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
