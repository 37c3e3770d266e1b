import type { Finding } from '../verdict/finding.ts'
import { toSeverity } from '../verdict/severity.ts'
import { uncoveredIn, type Uncovered } from './coverage.ts'
import { parseReport, type TrivyResult } from './report.ts'

/** The result of one run of Trivy, read from its JSON alone. */
export interface ScanResult {
  readonly findings: readonly Finding[]
  /** Ids of findings that an ignore entry suppressed. */
  readonly suppressed: readonly string[]
  /** Digest of the image's configuration; '' where the subject is not an image. */
  readonly imageId: string
  /** `debian 12.5`; '' where Trivy found no distribution. */
  readonly os: string
  /** The distribution no longer gets security fixes. */
  readonly osEnded: boolean
  readonly packages: number
  /** Distributions and ecosystems in which Trivy can find nothing. */
  readonly uncovered: readonly Uncovered[]
}

/** Throws Failure `scan-unreadable` (fault outside) where the text is not a whole report of Trivy. */
export function readScan(text: string, platform: string): ScanResult {
  const report = parseReport(text)
  const results = report.Results ?? []
  const os = report.Metadata?.OS
  return {
    findings: results.flatMap((result) => findingsOf(result, platform)),
    suppressed: results.flatMap(({ ExperimentalModifiedFindings: modified }) =>
      (modified ?? [])
        .filter(({ Status }) => Status === 'ignored')
        .flatMap(({ Finding: finding }) => finding?.VulnerabilityID ?? finding?.ID ?? finding?.RuleID ?? []),
    ),
    imageId: report.Metadata?.ImageID ?? '',
    os: [os?.Family, os?.Name].filter((part) => (part ?? '') !== '' && part !== 'none').join(' '),
    osEnded: os?.EOSL === true,
    packages: results.reduce((sum, { Packages: packages }) => sum + (packages ?? []).length, 0),
    uncovered: uncoveredIn(report),
  }
}

function findingsOf(result: TrivyResult, platform: string): readonly Finding[] {
  const target = result.Target ?? ''
  const platforms = platform === '' ? [] : [platform]
  return [
    ...(result.Vulnerabilities ?? []).map((one): Finding => ({
      kind: 'vulnerability',
      id: one.VulnerabilityID,
      pkg: one.PkgName,
      installed: one.InstalledVersion ?? '',
      fixed: one.FixedVersion ?? '',
      severity: toSeverity(one.Severity ?? ''),
      title: one.Title ?? '',
      target: one.PkgPath ?? (result.Class === 'os-pkgs' ? 'distribution' : target),
      line: null,
      url: one.PrimaryURL ?? '',
      platforms,
    })),
    ...(result.Secrets ?? []).map((one): Finding => ({
      ...notAPackage,
      kind: 'secret',
      id: one.RuleID,
      severity: toSeverity(one.Severity ?? ''),
      title: one.Title ?? '',
      target,
      line: one.StartLine ?? null,
      url: '',
      platforms,
    })),
    ...(result.Misconfigurations ?? [])
      .filter(({ Status }) => Status !== 'PASS')
      .map((one): Finding => ({
        ...notAPackage,
        kind: 'misconfiguration',
        id: one.ID,
        severity: toSeverity(one.Severity ?? ''),
        title: one.Title ?? '',
        target,
        line: one.CauseMetadata?.StartLine ?? null,
        url: one.PrimaryURL ?? '',
        platforms,
      })),
  ]
}

const notAPackage = { pkg: '', installed: '', fixed: '' } as const
