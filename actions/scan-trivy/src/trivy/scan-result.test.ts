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

  test('names its subject', () => {
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
    ['another document', '[]', 'the document is missing or not'],
    ['null', 'null', 'the document is missing or not'],
    ['an error as JSON', '{"error":"x"}', 'SchemaVersion is missing or not'],
    ['a later schema', '{"SchemaVersion":3}', 'SchemaVersion is'],
    ['results that are no list', '{"SchemaVersion":2,"Results":{}}', 'Results is'],
    ['a result that is null', '{"SchemaVersion":2,"Results":[null]}', 'Results.0 is'],
  ])('%s is a failure, never a clean scan', (_, text, why) => {
    expect(() => readScan(text, '')).toThrow(`trivy's report is not usable: ${why}`)
  })

  const one = { VulnerabilityID: 'CVE-1', PkgName: 'a', Severity: 'LOW' }
  test.each<[string, object]>([
    ['a title that is a number', { Vulnerabilities: [{ ...one, Title: 5 }] }],
    ['a severity that is a list', { Vulnerabilities: [{ ...one, Severity: ['LOW'] }] }],
    ['an address with half a character', { Vulnerabilities: [{ ...one, PrimaryURL: 'https://x/\ud800' }] }],
    ['a finding without an id', { Vulnerabilities: [{ PkgName: 'a' }] }],
    ['a finding with an empty id', { Vulnerabilities: [{ ...one, VulnerabilityID: '' }] }],
    ['a finding that is null', { Vulnerabilities: [null] }],
    ['findings as text', { Vulnerabilities: 'x' }],
    ['packages as a number', { Packages: 5 }],
    ['a secret whose line is text', { Secrets: [{ RuleID: 'x', StartLine: '1' }] }],
    ['a check whose status is a number', { Misconfigurations: [{ ID: 'x', Status: 1 }] }],
    ['an ignored finding that is a text', { ExperimentalModifiedFindings: ['x'] }],
  ])('%s makes the report unusable', (_, result) => {
    const text = JSON.stringify({ SchemaVersion: 2, Results: [{ Target: 'x', ...result }] })
    expect(() => readScan(text, '')).toThrow("trivy's report is not usable: Results.0.")
  })

  test('null is an empty list, as Go writes it', () => {
    const text = JSON.stringify({ SchemaVersion: 2, Results: [{ Vulnerabilities: null, Secrets: null }] })
    expect(readScan(text, '').findings).toEqual([])
  })

  test('an unfamiliar severity is UNKNOWN, not left out', () => {
    expect(readScan(trivyReport('x').replace('"HIGH"', '"SEVERE"'), '').findings[1]?.severity).toBe('UNKNOWN')
  })
})
