import type { Format, Inputs } from '../inputs.ts'
import type { TrivySubject } from '../target/scan-target.ts'
import { severities } from '../verdict/severity.ts'
import type { CacheBackend } from './layer-cache.ts'

export interface ScanPaths {
  readonly cacheDir: string
  readonly backend: CacheBackend
  readonly ignoreFile: string
  /** Trivy's JSON, from which the verdict and every other format are made. */
  readonly json: string
}

/**
 * The one scan. Findings give exit code 0, so that every other code is a fault. All severities are reported, because this action
 * decides which are shown and which refuse.
 */
export function scanArguments(subject: TrivySubject, inputs: Inputs, paths: ScanPaths): readonly string[] {
  const scanners = subject.kind === 'sbom' ? inputs.scanners.filter((one) => one === 'vuln') : inputs.scanners
  return [
    commandFor(subject),
    ...['--format', 'json', '--output', paths.json],
    ...['--exit-code', '0', '--severity', severities.toReversed().join(',')],
    ...['--scanners', scanners.join(','), '--pkg-types', inputs.vulnType.join(',')],
    `--ignore-unfixed=${inputs.ignoreUnfixed}`,
    ...['--ignorefile', paths.ignoreFile, '--show-suppressed'],
    ...inputs.javaDbRepository.flatMap((repository) => ['--java-db-repository', repository]),
    ...inputs.skipDirs.flatMap((dir) => ['--skip-dirs', dir]),
    ...inputs.skipFiles.flatMap((file) => ['--skip-files', file]),
    ...['--cache-dir', paths.cacheDir, '--cache-backend', paths.backend, '--skip-db-update'],
    ...['--list-all-pkgs', '--no-progress', '--timeout', `${Math.ceil(inputs.timeout / 1000)}s`],
    ...subjectArguments(subject),
  ]
}

/** For one repository: Trivy itself does not try the next one when a connection is refused. */
export function downloadArguments(
  repository: string,
  cacheDir: string,
  timeoutMs: number,
): readonly string[] {
  return [
    'image',
    '--download-db-only',
    ...['--db-repository', repository, '--cache-dir', cacheDir],
    ...['--no-progress', '--timeout', `${Math.ceil(timeoutMs / 1000)}s`],
  ]
}

/** For another format of the same scan, with the severities that are shown. */
export function convertArguments(
  format: Format,
  json: string,
  output: string,
  inputs: Inputs,
): readonly string[] {
  return [
    'convert',
    // Without them the table has no summary.
    ...(format === 'table' ? ['--scanners', inputs.scanners.join(',')] : []),
    '--format',
    format,
    '--severity',
    inputs.reportSeverity.join(','),
    '--output',
    output,
    json,
  ]
}

/** Our ignore file only, no telemetry, no updates that could change a verdict. */
export function trivyEnvironment(ignoreFile: string): Readonly<Record<string, string>> {
  return {
    TRIVY_IGNOREFILE: ignoreFile,
    TRIVY_SKIP_VERSION_CHECK: 'true',
    TRIVY_DISABLE_TELEMETRY: 'true',
    // Only the built-in checks: the same version of Trivy gives the same verdict.
    TRIVY_SKIP_CHECK_UPDATE: 'true',
    NO_COLOR: '1',
  }
}

function commandFor({ kind }: TrivySubject): string {
  switch (kind) {
    case 'layout':
      return 'image'
    case 'directory':
      return 'filesystem'
    case 'sbom':
      return 'sbom'
  }
}

function subjectArguments({ kind, path }: TrivySubject): readonly string[] {
  switch (kind) {
    case 'layout':
      return ['--input', path]
    case 'directory':
    case 'sbom':
      return [path]
  }
}
