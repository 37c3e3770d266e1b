import type { Outcome } from '@alt-las/outcome'
import type { Database } from './trivy/database.ts'
import type { Counts, Finding } from './verdict/finding.ts'
import type { Format } from './inputs.ts'
import type { Severity } from './verdict/severity.ts'
import type { Upgrade } from './verdict/upgrades.ts'

export interface ScanOutcome extends Outcome<'scan-trivy'> {
  /** For people: a digest, a reference or a path. */
  readonly name: string
  readonly scanned: readonly Scanned[]
  readonly counts: Counts
  /** All that was found and not ignored, the worst first. */
  readonly findings: readonly Finding[]
  /** Those that refuse. */
  readonly refusing: readonly Finding[]
  /** Not in the baseline; all of them without one. */
  readonly fresh: readonly Finding[]
  /** Ids of the baseline that are gone; empty without one. */
  readonly cleared: readonly string[]
  readonly upgrades: readonly Upgrade[]
  readonly ignored: { readonly expired: readonly string[]; readonly unused: readonly string[] }
  /** null where no vulnerabilities were looked for. */
  readonly database: Database | null
  /** A file for one platform, a directory for several. */
  readonly files: Readonly<Partial<Record<Format, string>>>
  readonly reportSeverity: readonly Severity[]
}

/** One run of the scanner. */
export interface Scanned {
  readonly platform: string
  /** '' where Trivy knows no distribution. */
  readonly os: string
  readonly osEnded: boolean
  readonly packages: number
  readonly suppressed: number
}
