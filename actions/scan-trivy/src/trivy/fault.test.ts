import { describe, expect, test } from '@jest/globals'
import type { Finished } from '@alt-las/process'
import { inTime } from '@alt-las/time'
import { explain } from './fault.ts'

const failed: Finished = { code: 1, stdout: '', stderr: '', endedBy: 'exit' }
const fatal = (text: string) =>
  `2026-11-22T16:14:39Z\tINFO\t[vuln] x\n2026-11-22T16:14:39Z\tFATAL\tFatal error\t${text}\n`

describe('explain', () => {
  // As Trivy 0.74.0 wrote them, where the exit code is 1 for each.
  test.each<[string, string, string, string]>([
    [
      'a database that cannot be reached',
      fatal(
        'run error: init error: DB error: failed to download vulnerability DB: OCI artifact error: failed to download vulnerability DB: failed to download artifact from a/b:2: OCI repository error: 1 error occurred:\n\t* Get "https://a/v2/": dial tcp: connect: connection refused',
      ),
      'database-unreachable',
      'scan failed with exit code 1: failed to download artifact from a/b:2: Get "https://a/v2/": dial tcp: connect: connection refused',
    ],
    [
      'no database and no leave to fetch one',
      fatal(
        'run error: init error: DB error: database error: --skip-db-update cannot be specified on the first run',
      ),
      'database-unusable',
      'scan failed with exit code 1: database error: --skip-db-update cannot be specified on the first run',
    ],
    [
      'a Java database that cannot be reached',
      fatal(
        'run error: image scan error: scan error: scan failed: failed analysis: post analysis error: Unable to initialize the Java DB: Java DB update failed: OCI artifact error: failed to download Java DB: Get "https://a/v2/": dial tcp: connect: connection refused',
      ),
      'database-unreachable',
      'Unable to initialize the Java DB',
    ],
    [
      'a limit of time',
      fatal(
        'run error: image scan error: scan error: scan failed: failed analysis: analyze error: pipeline error: context deadline exceeded',
      ),
      'scan-timeout',
      'scan failed with exit code 1: context deadline exceeded',
    ],
    [
      'an image that is not there',
      fatal(
        'run error: image scan error: scan error: unable to initialize a scan service: unable to initialize an image scan service: unable to find the specified image "a/b:1" in ["remote"]: 1 error occurred:\n\t* remote error: GET http://a/v2/b/manifests/1: MANIFEST_UNKNOWN: manifest unknown',
      ),
      'image-unreadable',
      'unable to find the specified image "a/b:1"',
    ],
    [
      'a full disk',
      fatal('run error: write /x: no space left on device'),
      'disk-full',
      'no space left on device',
    ],
    [
      'an unknown flag',
      'Error: unknown flag: --nope\nunknown flag: --nope',
      'scan-failed',
      'unknown flag: --nope',
    ],
    ['silence', '', 'scan-failed', 'the scanner gave no reason'],
  ])('%s', (_, stderr, code, message) => {
    const failure = explain('scan', failed, stderr)
    expect(failure).toMatchObject({ code, fault: 'outside' })
    expect(failure.message).toContain(message)
    expect(failure.hint).toBeDefined()
  })

  test('the remedy for the Java database is its own input', () => {
    const stderr = fatal('run error: Unable to initialize the Java DB: OCI repository error: refused')
    expect(explain('scan', failed, stderr).hint).toContain('java-db-repository')
  })

  test('our own time limit and a kill from outside have their names', () => {
    expect(explain('scan', { ...failed, code: null, endedBy: 'timeout' }, '').code).toBe('scan-timeout')
    expect(explain('scan', { ...failed, code: null, endedBy: 'signal' }, '').code).toBe('scan-killed')
  })
})

test('a line without an end is explained in bounded time', () => {
  const stderr = 'image scan error: '.repeat(100_000)
  expect(inTime('it', () => explain('scan', failed, stderr).code, 20_000)).toBe('scan-failed')
})
