import { describe, expect, test } from '@jest/globals'
import { readBuildError } from './build-log.ts'
import { isTransientError, isCacheFault, isStepFailure } from './heal.ts'
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
