import type { Subject, Timing } from '@alt-las/outcome'
import type { Database } from '../trivy/database.ts'
import { count, merge } from './finding.ts'
import { decide, type Gate } from './verdict.ts'
import { staleIgnores, type IgnoreFile } from './ignores.ts'
import type { ScanInputs, Source } from '../inputs.ts'
import type { ScanOutcome } from '../outcome.ts'
import { say } from './sentence.ts'
import type { ScanResult } from '../trivy/scan-result.ts'
import type { Targets } from '../target/find-targets.ts'
import { upgradesFor } from './upgrades.ts'

/** All that a verdict is made of. */
export interface Facts {
  readonly inputs: ScanInputs
  readonly targets: Targets
  readonly results: readonly ScanResult[]
  readonly baseline: Gate['baseline']
  readonly ignores: IgnoreFile
  readonly database: Database | null
  readonly files: ScanOutcome['files']
  readonly version: string
  readonly timings: readonly Timing[]
  /** ms since 1970 */
  readonly now: number
}

/** Facts to the outcome: pure. */
export function conclude({
  inputs,
  targets,
  results,
  baseline,
  ignores,
  database,
  files,
  version,
  timings,
  now,
}: Facts): ScanOutcome {
  const findings = merge(results.flatMap((result) => result.findings))
  const verdict = decide(findings, { failSeverity: inputs.failSeverity, baseline })
  const counts = count(findings)
  const suppressed = results.flatMap((result) => result.suppressed)
  const ignored = staleIgnores(ignores.entries, suppressed, now)
  const scanned = targets.jobs.map(({ platform }, index) => {
    const { os = '', osEnded = false, packages = 0, suppressed: taken = [] } = results[index] ?? {}
    return { platform, os, osEnded, packages, suppressed: taken.length }
  })
  const upgrades = upgradesFor(findings)
  return {
    kind: verdict.kind,
    because: say(verdict, counts, inputs.failSeverity),
    subject: subjectOf(inputs.source, targets),
    timings,
    evidence: {
      counts,
      scanned,
      database,
      trivy: version,
      refusing: verdict.refusing.map(({ id, pkg }) => ({ id, pkg })),
      cleared: verdict.cleared,
      upgrades,
      ignored,
      findings,
    },
    name: targets.name,
    scanned,
    counts,
    findings,
    refusing: verdict.refusing,
    fresh: verdict.fresh,
    cleared: verdict.cleared,
    upgrades,
    ignored,
    database,
    files,
    reportSeverity: inputs.reportSeverity,
  }
}

function subjectOf(source: Source, { digest, name }: Targets): Partial<Subject> {
  if (digest === null) return { target: name }
  return source.kind === 'image' ? { image: name, digest } : { digest }
}
