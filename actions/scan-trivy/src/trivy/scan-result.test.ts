import { describe, expect, test } from '@jest/globals'
import { readScan } from './scan-result.ts'
import { cleanReport, trivyReport } from '../testing/report.ts'

describe('readScan', () => {
  test('reads every kind of finding, and nothing that passed', () => {
    const { findings } = readScan(trivyReport('sha256:1'), 'linux/amd64')
    expect(findings).toMatchObject([
      {
        kind: 'vulnerability',
        id: 'CVE-2099-0100',
        pkg: 'libc6',
        fixed: '2.99-1',
        severity: 'MEDIUM',
        target: 'distribution',
      },
      {
        kind: 'vulnerability',
        id: 'CVE-2021-23337',
        target: 'app/node_modules/lodash/package.json',
        platforms: ['linux/amd64'],
      },
      { kind: 'secret', id: 'aws-access-key-id', target: '/root/creds.txt', line: 1 },
      { kind: 'misconfiguration', id: 'AWS-0086', target: 'app/main.tf', line: 7 },
    ])
  })

  test('keeps no line of a file that holds a secret', () => {
    expect(JSON.stringify(readScan(trivyReport('sha256:1'), ''))).not.toContain('hunter2')
  })

  test('tells what it is about', () => {
    expect(readScan(trivyReport('sha256:1'), '')).toMatchObject({
      imageId: 'sha256:1',
      os: 'debian 12.5',
      osEnded: false,
      packages: 3,
      suppressed: ['CVE-2021-44906'],
    })
  })

  test('nothing found is nothing found', () => {
    expect(readScan(cleanReport('sha256:1'), '')).toMatchObject({ findings: [], os: '', packages: 0 })
    expect(readScan('{"SchemaVersion":2,"Results":null}', '').findings).toEqual([])
  })

  test.each<[string, string, string]>([
    ['an empty file', '', 'it is empty'],
    ['a file that is cut off', trivyReport('sha256:1').slice(0, -40), 'it is truncated or not JSON'],
    ['another document', '[]', 'it is not an object'],
    ['an error as JSON', '{"error":"x"}', 'its SchemaVersion is undefined, expected 2'],
    ['a later schema', '{"SchemaVersion":3}', 'its SchemaVersion is 3'],
    ['results that are no list', '{"SchemaVersion":2,"Results":{}}', 'its Results are not a list'],
  ])('%s is a failure, never a clean scan', (_, text, why) => {
    expect(() => readScan(text, '')).toThrow(`trivy's report is not usable: ${why}`)
  })

  test('an unfamiliar severity is UNKNOWN, not left out', () => {
    expect(readScan(trivyReport('x').replace('"HIGH"', '"SEVERE"'), '').findings[1]?.severity).toBe('UNKNOWN')
  })
})
