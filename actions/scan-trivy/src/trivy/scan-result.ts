import { Failure } from '@alt-las/failure'
import type { Finding } from '../verdict/finding.ts'
import { toSeverity } from '../verdict/severity.ts'

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
}

interface Document {
  readonly SchemaVersion?: number
  readonly ArtifactName?: string
  readonly Metadata?: {
    readonly OS?: { readonly Family?: string; readonly Name?: string; readonly EOSL?: boolean }
    readonly ImageID?: string
  }
  readonly Results?: readonly Result[] | null
}

interface Result {
  readonly Target?: string
  readonly Class?: string
  readonly Packages?: readonly unknown[]
  readonly Vulnerabilities?: readonly Vulnerability[]
  readonly Secrets?: readonly Secret[]
  readonly Misconfigurations?: readonly Misconfiguration[]
  readonly ExperimentalModifiedFindings?: readonly Modified[]
}

interface Vulnerability {
  readonly VulnerabilityID: string
  readonly PkgName: string
  readonly PkgPath?: string
  readonly InstalledVersion?: string
  readonly FixedVersion?: string
  readonly Severity?: string
  readonly Title?: string
  readonly PrimaryURL?: string
}

interface Secret {
  readonly RuleID: string
  readonly Severity?: string
  readonly Title?: string
  readonly StartLine?: number
}

interface Misconfiguration {
  readonly ID: string
  readonly Title?: string
  readonly Severity?: string
  readonly Status?: string
  readonly PrimaryURL?: string
  readonly CauseMetadata?: { readonly StartLine?: number }
}

interface Modified {
  readonly Status?: string
  readonly Finding?: { readonly VulnerabilityID?: string; readonly ID?: string; readonly RuleID?: string }
}

/** Throws Failure `scan-unreadable` (fault outside) where the text is truncated or not a report: that is never a clean scan. */
export function readScan(text: string, platform: string): ScanResult {
  const document = parseDocument(text)
  const results = document.Results ?? []
  const os = document.Metadata?.OS
  return {
    findings: results.flatMap((result) => findingsOf(result, platform)),
    suppressed: results.flatMap(({ ExperimentalModifiedFindings: modified = [] }) =>
      modified
        .filter(({ Status }) => Status === 'ignored')
        .flatMap(({ Finding: finding }) => finding?.VulnerabilityID ?? finding?.ID ?? finding?.RuleID ?? []),
    ),
    imageId: document.Metadata?.ImageID ?? '',
    os: [os?.Family, os?.Name].filter((part) => part !== undefined && part !== 'none').join(' '),
    osEnded: os?.EOSL === true,
    packages: results.reduce((sum, { Packages = [] }) => sum + Packages.length, 0),
  }
}

function parseDocument(text: string): Document {
  const bad = (what: string) =>
    new Failure('scan-unreadable', `trivy's report is not usable: ${what}`, {
      fault: 'outside',
      hint: 'run the scan again; check for a full disk',
    })
  if (text.trim() === '') throw bad('it is empty')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw bad('it is truncated or not JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw bad('it is not an object')
  const document = value as Document
  if (document.SchemaVersion !== 2) throw bad(`its SchemaVersion is ${document.SchemaVersion}, expected 2`)
  if (document.Results !== undefined && document.Results !== null && !Array.isArray(document.Results))
    throw bad('its Results are not a list')
  return document
}

function findingsOf(result: Result, platform: string): readonly Finding[] {
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
