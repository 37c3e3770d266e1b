import { predicateTypes } from './predicates.ts'
import type { Statement, Subject } from './statement.ts'

/** A finished scan, as scan-trivy's outcome document tells it. */
export interface Scan {
  readonly outcome: 'passed' | 'refused'
  readonly because: string
  /** ISO 8601. */
  readonly startedAt: string
  readonly finishedAt: string
  readonly trivy: string
  /** ISO 8601; null where vulnerabilities were not scanned. */
  readonly databaseUpdatedAt: string | null
  readonly counts: Readonly<Record<string, number>>
  readonly findings: readonly {
    readonly kind: string
    readonly id: string
    readonly pkg: string
    readonly installed: string
    readonly fixed: string
    readonly severity: string
  }[]
}

/** The verdict of a scan: the in-toto predicate for vulnerabilities, with the verdict beside it. */
export function scanOf(scan: Scan, subject: Subject): Statement {
  const { outcome, because, startedAt, finishedAt, trivy, databaseUpdatedAt, counts, findings } = scan
  const result = findings
    .filter(({ kind }) => kind === 'vulnerability')
    .map(({ id, severity, pkg, installed, fixed }) => ({
      id,
      severity: [{ method: 'trivy', score: severity }],
      annotations: [{ package: pkg, installed, fixed }],
    }))
  const db = databaseUpdatedAt === null ? {} : { db: { lastUpdate: databaseUpdatedAt } }
  return {
    subjects: [subject],
    predicateType: predicateTypes.scan[0],
    predicate: {
      scanner: { uri: 'https://github.com/aquasecurity/trivy', version: trivy, ...db, result },
      metadata: { scanStartedOn: startedAt, scanFinishedOn: finishedAt },
      verdict: { outcome, because, counts },
    },
  }
}

/** What a scan's statement says; throws an Error for one without a verdict. */
export function readScan(predicate: Statement['predicate']): {
  readonly outcome: string
  readonly because: string
  /** ms since 1970; null where it does not say. */
  readonly finishedAt: number | null
} {
  const { verdict, metadata } = predicate as { readonly verdict?: unknown; readonly metadata?: unknown }
  const { outcome, because } = (verdict ?? {}) as { readonly outcome?: unknown; readonly because?: unknown }
  const { scanFinishedOn } = (metadata ?? {}) as { readonly scanFinishedOn?: unknown }
  if (typeof outcome !== 'string') throw new Error('the scan has no verdict')
  const at = typeof scanFinishedOn === 'string' ? Date.parse(scanFinishedOn) : NaN
  return {
    outcome,
    because: typeof because === 'string' ? because.slice(0, 300) : '',
    finishedAt: Number.isNaN(at) ? null : at,
  }
}
