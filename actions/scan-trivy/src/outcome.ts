import type { Evidence, Outcome, Subject } from '@alt-las/outcome'
import type { Format, Inputs } from './inputs.ts'
import type { ScanTargets } from './target/scan-target.ts'
import type { Database } from './trivy/database.ts'
import type { ScanResult } from './trivy/scan-result.ts'
import { count, merge, type Finding } from './verdict/finding.ts'
import { staleIgnores, type IgnoreFile } from './verdict/ignores.ts'
import { verdictSentence } from './verdict/sentence.ts'
import { judgeUncovered, unusedAccepts } from './verdict/uncovered.ts'
import { upgradesFor } from './verdict/upgrades.ts'
import { decide, type VerdictRules } from './verdict/verdict.ts'

export type ScanEvidence = Evidence<'scan-trivy'>

export interface ScanOutcome extends Outcome<'scan-trivy'> {
  /** For people: a digest, a reference or a path. */
  readonly name: string
  /** Of the checkout, where one was scanned; null for an image or an SBOM. */
  readonly directory: string | null
  /** Findings that refuse. */
  readonly refusing: readonly Finding[]
  /** Not in the baseline; all of them without one. */
  readonly fresh: readonly Finding[]
  /** A file for one platform, a directory for several. */
  readonly files: Readonly<Partial<Record<Format, string>>>
  readonly reportSeverity: Inputs['reportSeverity']
  /** Entries of `accept-uncovered` that name nothing here. */
  readonly unusedAccepts: readonly string[]
}

/** The facts behind a verdict. */
export interface ScanFacts {
  readonly inputs: Inputs
  readonly targets: ScanTargets
  readonly results: readonly ScanResult[]
  readonly baseline: VerdictRules['baseline']
  readonly ignores: IgnoreFile
  readonly database: Database | null
  readonly files: ScanOutcome['files']
  /** Of Trivy. */
  readonly version: string
  /** ms since 1970 */
  readonly now: number
}

export function conclude(facts: ScanFacts): ScanOutcome {
  const { inputs, targets, results, ignores } = facts
  const seen = evidenceOf(facts, results)
  const { findings, counts, uncovered } = seen
  const { failSeverity } = inputs
  const verdict = decide(findings, { failSeverity, baseline: facts.baseline, uncovered })
  const suppressed = results.flatMap((result) => result.suppressed)
  return {
    kind: verdict.kind,
    because: verdictSentence(verdict, counts, failSeverity),
    subject: subjectOf(inputs.source, targets),
    evidence: {
      ...seen,
      database: facts.database,
      trivy: facts.version,
      refusing: verdict.refusing.map(({ id, pkg }) => ({ id, pkg })),
      cleared: verdict.cleared,
      upgrades: upgradesFor(findings),
      ignored: staleIgnores(ignores.entries, suppressed, facts.now),
    },
    name: targets.name,
    directory: inputs.source.kind === 'directory' ? inputs.source.path : null,
    refusing: verdict.refusing,
    fresh: verdict.fresh,
    files: facts.files,
    reportSeverity: inputs.reportSeverity,
    unusedAccepts: unusedAccepts(uncovered, inputs.acceptUncovered),
  }
}

/** The evidence of the platforms scanned so far. */
export function evidenceOf(
  { targets: { targets }, inputs }: Pick<ScanFacts, 'targets' | 'inputs'>,
  results: readonly ScanResult[],
): Pick<ScanEvidence, 'counts' | 'scanned' | 'findings' | 'uncovered'> {
  const findings = merge(results.flatMap((result) => result.findings))
  const scanned = results.map(({ os, osEnded, packages, suppressed }, index) => ({
    platform: targets[index]?.platform ?? '',
    os,
    osEnded,
    packages,
    suppressed: suppressed.length,
  }))
  const each = results.map(({ uncovered }, index) => ({
    platform: targets[index]?.platform ?? '',
    uncovered,
  }))
  const uncovered = judgeUncovered(each, inputs.acceptUncovered)
  return { counts: count(findings), scanned, findings, uncovered }
}

export function subjectOf(source: Inputs['source'], { digest, name }: ScanTargets): Partial<Subject> {
  if (digest === null) return { target: name }
  return source.kind === 'image' ? { image: name, digest } : { digest }
}
