import { describe, expect, test } from '@jest/globals'
import { readerFor } from '@alt-las/testing'
import { parse } from '../inputs.ts'
import type { TrivySubject } from '../target/scan-target.ts'
import { convertArguments, downloadArguments, scanArguments, trivyEnvironment } from './arguments.ts'

const inputs = (overrides: Readonly<Record<string, string>> = {}) =>
  parse(readerFor(new URL('../../action.yml', import.meta.url), { input: 'x', ...overrides }))
const paths = {
  cacheDir: '/cache',
  backend: 'fs' as const,
  ignoreFile: '/own/.trivyignore',
  json: '/own/scan.json',
}
const layout: TrivySubject = { kind: 'layout', path: '/own/layout-0' }

const javaRepositories = ['mirror.gcr.io/aquasec/trivy-java-db:1', 'ghcr.io/aquasecurity/trivy-java-db:1']

function expected(
  parts: {
    command?: string
    scanners?: string
    types?: string
    unfixed?: string
    skips?: readonly string[]
    java?: readonly string[]
    timeout?: string
    end?: readonly string[]
  } = {},
) {
  return [
    parts.command ?? 'image',
    ...['--format', 'json', '--output', '/own/scan.json', '--exit-code', '0'],
    ...['--severity', 'UNKNOWN,LOW,MEDIUM,HIGH,CRITICAL', '--scanners', parts.scanners ?? 'vuln,secret'],
    ...['--pkg-types', parts.types ?? 'os,library', `--ignore-unfixed=${parts.unfixed ?? 'false'}`],
    ...['--ignorefile', '/own/.trivyignore', '--show-suppressed'],
    ...(parts.java ?? javaRepositories).flatMap((one) => ['--java-db-repository', one]),
    ...(parts.skips ?? []),
    ...[
      '--cache-dir',
      '/cache',
      '--cache-backend',
      'fs',
      '--skip-db-update',
      '--list-all-pkgs',
      '--no-progress',
    ],
    ...['--timeout', parts.timeout ?? '600s'],
    ...(parts.end ?? ['--input', '/own/layout-0']),
  ]
}

describe('scanArguments', () => {
  // This table is the specification of what Trivy is asked: exit code 0, every severity, no file that was not named.
  test.each<[string, TrivySubject, Record<string, string>, Parameters<typeof expected>[0]]>([
    ['a layout', layout, {}, {}],
    ['a directory', { kind: 'directory', path: '/w' }, {}, { command: 'filesystem', end: ['/w'] }],
    [
      'an SBOM',
      { kind: 'sbom', path: '/w/s.json' },
      {},
      { command: 'sbom', scanners: 'vuln', end: ['/w/s.json'] },
    ],
    ['scanners', layout, { scanners: 'vuln' }, { scanners: 'vuln' }],
    ['vuln-type', layout, { 'vuln-type': 'os' }, { types: 'os' }],
    ['ignore-unfixed', layout, { 'ignore-unfixed': 'true' }, { unfixed: 'true' }],
    [
      'skip-dirs and skip-files',
      layout,
      { 'skip-dirs': '/a\n/b', 'skip-files': '/c' },
      { skips: ['--skip-dirs', '/a', '--skip-dirs', '/b', '--skip-files', '/c'] },
    ],
    ['java-db-repository', layout, { 'java-db-repository': 'a/j:1\nb/j:1' }, { java: ['a/j:1', 'b/j:1'] }],
    ['timeout', layout, { timeout: '90s' }, { timeout: '90s' }],
    ['what refuses and what is shown', layout, { 'fail-severity': 'LOW', 'report-severity': 'HIGH' }, {}],
  ])('%s', (_, target, overrides, parts) => {
    expect(scanArguments(target, inputs(overrides), paths)).toEqual(expected(parts))
  })
})

test('a download asks one repository', () => {
  expect(downloadArguments('ghcr.io/a/db:2', '/cache', 1500)).toEqual([
    'image',
    '--download-db-only',
    '--db-repository',
    'ghcr.io/a/db:2',
    '--cache-dir',
    '/cache',
    '--no-progress',
    '--timeout',
    '2s',
  ])
})

test('a conversion shows the severities that are to be shown', () => {
  const given = inputs({ 'report-severity': 'HIGH' })
  expect(convertArguments('sarif', 'in.json', 'out', given)).toEqual([
    'convert',
    '--format',
    'sarif',
    '--severity',
    'HIGH',
    '--output',
    'out',
    'in.json',
  ])
  expect(convertArguments('table', 'in.json', 'out', given).slice(0, 3)).toEqual([
    'convert',
    '--scanners',
    'vuln,secret',
  ])
})

test('nothing from the outside changes the verdict, and nothing is sent', () => {
  expect(trivyEnvironment('/own/.trivyignore')).toMatchObject({
    TRIVY_IGNOREFILE: '/own/.trivyignore',
    TRIVY_DISABLE_TELEMETRY: 'true',
    TRIVY_SKIP_CHECK_UPDATE: 'true',
  })
})
