import type { Format, ScanInputs } from '../inputs.ts'
import { severities } from '../verdict/severity.ts'

/** What Trivy is pointed at, once for each platform. */
export type Target =
  | { readonly kind: 'layout'; readonly path: string }
  | { readonly kind: 'directory'; readonly path: string }
  | { readonly kind: 'sbom'; readonly path: string }

export interface ScanPaths {
  readonly cacheDir: string
  readonly ignoreFile: string
  /** The JSON that everything else is made of. */
  readonly json: string
}

/**
 * The one scan. Exit code 0 for findings, so that every other code is a fault; every severity, so that what is shown and what
 * refuses is decided here.
 */
export function planScan(target: Target, inputs: ScanInputs, paths: ScanPaths): readonly string[] {
  const { kind } = target
  const scanners = kind === 'sbom' ? inputs.scanners.filter((one) => one === 'vuln') : inputs.scanners
  return [
    command(target),
    ...['--format', 'json', '--output', paths.json],
    ...['--exit-code', '0', '--severity', severities.toReversed().join(',')],
    ...['--scanners', scanners.join(','), '--pkg-types', inputs.vulnType.join(',')],
    `--ignore-unfixed=${String(inputs.ignoreUnfixed)}`,
    ...['--ignorefile', paths.ignoreFile, '--show-suppressed'],
    ...inputs.skipDirs.flatMap((dir) => ['--skip-dirs', dir]),
    ...inputs.skipFiles.flatMap((file) => ['--skip-files', file]),
    ...['--cache-dir', paths.cacheDir, '--cache-backend', 'memory', '--skip-db-update'],
    ...['--list-all-pkgs', '--no-progress', '--timeout', `${String(Math.ceil(inputs.timeout / 1000))}s`],
    ...subject(target),
  ]
}

/** One repository of the list: Trivy itself does not move on when a connection is refused. */
export function planDownload(repository: string, cacheDir: string, timeoutMs: number): readonly string[] {
  return [
    'image',
    '--download-db-only',
    ...['--db-repository', repository, '--cache-dir', cacheDir],
    ...['--no-progress', '--timeout', `${String(Math.ceil(timeoutMs / 1000))}s`],
  ]
}

/** Another form of the same scan, with what is to be shown. */
export function planConvert(
  format: Format,
  json: string,
  output: string,
  inputs: ScanInputs,
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

/** What could change a verdict from the outside is set here; nothing is sent anywhere. */
export function trivyEnvironment(ignoreFile: string): Readonly<Record<string, string>> {
  return {
    TRIVY_IGNOREFILE: ignoreFile,
    TRIVY_SKIP_VERSION_CHECK: 'true',
    TRIVY_DISABLE_TELEMETRY: 'true',
    // The checks that are built in: the same version of Trivy gives the same verdict.
    TRIVY_SKIP_CHECK_UPDATE: 'true',
    NO_COLOR: '1',
  }
}

function command({ kind }: Target): string {
  switch (kind) {
    case 'layout':
      return 'image'
    case 'directory':
      return 'filesystem'
    case 'sbom':
      return 'sbom'
  }
}

function subject(target: Target): readonly string[] {
  switch (target.kind) {
    case 'layout':
      return ['--input', target.path]
    case 'directory':
    case 'sbom':
      return [target.path]
  }
}
