import { describe, expect, test } from '@jest/globals'
import { readBuildError } from './build-log.ts'
import { isTransientError, isCacheFault, isStepFailure } from './faults.ts'
import { busyRegistry, failedCache, failedInstall, failedTest, unknownBase } from '../testing/logs.ts'

describe('what a failed build is', () => {
  test.each<[string, string, { transient: boolean; cache: boolean; step: boolean }]>([
    ['a test that fails', failedTest, { transient: false, cache: false, step: true }],
    ['an installation without network', failedInstall, { transient: true, cache: false, step: true }],
    ['a registry that is busy', busyRegistry, { transient: true, cache: false, step: false }],
    ['a base that does not exist', unknownBase, { transient: false, cache: false, step: false }],
    ['a cache that cannot be written', failedCache, { transient: true, cache: true, step: false }],
    ['silence', '', { transient: false, cache: false, step: false }],
  ])('%s', (_, log, expected) => {
    const error = readBuildError(log)
    expect({
      transient: isTransientError(error),
      cache: isCacheFault(error),
      step: isStepFailure(error),
    }).toEqual(expected)
  })

  test.each<[string, boolean]>([
    ['read tcp 1.2.3.4:5->6.7.8.9:443: read: connection reset by peer', true],
    ['failed to copy: httpReadSeeker: failed open: unexpected status code https://x: 502 Bad Gateway', true],
    ['failed to authorize: EOF', true],
    ['failed to do request: Get "https://x": EOF', true],
    ['net/http: TLS handshake timeout', true],
    ['dial tcp: lookup ghcr.io: no such host', false],
    ['unauthorized: authentication required', false],
    ['dockerfile parse error on line 429: unknown instruction', false],
  ])('%s: %p', (message, transient) => {
    expect(isTransientError({ message, step: null, line: null })).toBe(transient)
  })
})

describe('isCacheFault', () => {
  const error = (name: string, message: string, stage: string | null = null) => ({
    message,
    step: { name, stage, tail: '' },
    line: null,
  })
  const why = 'failed to solve: error writing layer blob: 403 Forbidden'
  test.each([
    'exporting to GitHub Actions Cache',
    'exporting cache to registry',
    'exporting cache to client directory',
    'exporting cache to Amazon S3',
    'exporting cache to Azure Blob Storage',
    'importing cache manifest from gha:123',
    'importing cache manifest from ghcr.io/x/y:cache',
    'preparing build cache for export',
  ])('the step %s', (name) => {
    expect(isCacheFault(error(name, why))).toBe(true)
  })

  test.each<[string, ReturnType<typeof error>]>([
    ['the export of the image', error('exporting to oci image format', why)],
    ['a step of the Dockerfile', error('[app 2/3] RUN make cache', why, 'app')],
    [
      'a command that speaks of a cache',
      error(
        '[app 2/3] RUN x',
        'process "make cache export" did not complete successfully: exit code: 1',
        'app',
      ),
    ],
  ])('%s is none', (_, given) => {
    expect(isCacheFault(given)).toBe(false)
  })

  test.each([
    'failed to configure gha cache exporter: missing token',
    'failed to configure registry cache importer: x',
    'unknown cache exporter: "x"',
    'Cache export is not supported for the docker driver',
    'error writing layer blob: failed to reserve cache',
  ])('the message %s', (message) => {
    expect(isCacheFault({ message, step: null, line: null })).toBe(true)
  })
})
