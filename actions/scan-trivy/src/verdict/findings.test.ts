import { describe, expect, test } from '@jest/globals'
import { count, keyOf, merge, type Finding } from './finding.ts'
import { decide } from './verdict.ts'
import { verdictSentence } from './sentence.ts'
import { worst, toSeverity } from './severity.ts'
import { compareVersions, upgradesFor } from './upgrades.ts'

const finding = (overrides: Partial<Finding> = {}): Finding => ({
  kind: 'vulnerability',
  id: 'CVE-1',
  pkg: 'lodash',
  installed: '4.17.20',
  fixed: '4.17.21',
  severity: 'HIGH',
  title: 'a title',
  target: 'app/node_modules/lodash/package.json',
  line: null,
  url: '',
  platforms: ['linux/amd64'],
  ...overrides,
})

describe('merge', () => {
  test('the same finding on two platforms is one, the worst come first', () => {
    const all = merge([
      finding({ id: 'CVE-2', severity: 'LOW' }),
      finding(),
      finding({ platforms: ['linux/arm64'] }),
      finding({ id: 'CVE-3', severity: 'CRITICAL' }),
    ])
    expect(all.map(({ id, platforms }) => [id, platforms.length])).toEqual([
      ['CVE-3', 1],
      ['CVE-1', 2],
      ['CVE-2', 1],
    ])
    expect(count(all)).toEqual({ CRITICAL: 1, HIGH: 1, MEDIUM: 0, LOW: 1, UNKNOWN: 0 })
  })

  test.each([
    ['LOW', 'CRITICAL'],
    ['CRITICAL', 'LOW'],
    ['UNKNOWN', 'HIGH'],
  ] as const)('told as %s and as %s, the worst counts', (first, second) => {
    const all = merge([finding({ severity: first }), finding({ severity: second })])
    expect(all.map(({ severity }) => severity)).toEqual([worst([first, second])])
  })

  test('two names of one check are one finding', () => {
    const check = { kind: 'misconfiguration', pkg: '', target: 'Dockerfile' } as const
    const names = ['DS-0002', 'AVD-DS-0002', 'DS002']
    expect(merge(names.map((id) => finding({ ...check, id })))).toHaveLength(1)
    expect(new Set(names.map((id) => keyOf({ ...check, id }))).size).toBe(1)
  })

  test('two versions of one package are two findings', () => {
    expect(merge([finding(), finding({ installed: '3.0.0' })])).toHaveLength(2)
  })
})

describe('decide', () => {
  const gate = { failSeverity: ['CRITICAL', 'HIGH'], baseline: null, uncovered: [] } as const

  test.each<[string, readonly Finding[], 'passed' | 'refused']>([
    ['nothing', [], 'passed'],
    [
      'only what does not refuse',
      [finding({ severity: 'MEDIUM' }), finding({ severity: 'UNKNOWN' })],
      'passed',
    ],
    ['a high one', [finding()], 'refused'],
    ['a high one without a fix', [finding({ fixed: '' })], 'refused'],
    ['a secret', [finding({ kind: 'secret', severity: 'CRITICAL' })], 'refused'],
  ])('%s: %#', (_, findings, kind) => {
    expect(decide(findings, gate).kind).toBe(kind)
  })

  test('what the last release had does not refuse, what is gone is listed', () => {
    const verdict = decide([finding(), finding({ id: 'CVE-9', severity: 'LOW' })], {
      ...gate,
      baseline: [finding({ installed: '4.17.19' }), finding({ id: 'CVE-0' })],
    })
    expect(verdict).toMatchObject({ kind: 'passed', cleared: ['CVE-0'] })
    expect(verdict.fresh.map(({ id }) => id)).toEqual(['CVE-9'])
  })

  test('the same rule in another file is new', () => {
    const secret = finding({ kind: 'secret', id: 'aws', pkg: '', target: '/a' })
    expect(decide([{ ...secret, target: '/b' }], { ...gate, baseline: [secret] }).kind).toBe('refused')
    expect(keyOf(secret)).not.toBe(keyOf({ ...secret, target: '/b' }))
  })
})

describe('verdictSentence', () => {
  const gate = ['CRITICAL', 'HIGH'] as const
  const sentence = (findings: readonly Finding[], baseline: readonly Finding[] | null = null) =>
    verdictSentence(decide(findings, { failSeverity: gate, baseline, uncovered: [] }), count(findings), gate)

  test.each<[string, string, string]>([
    [
      'nothing found',
      sentence([]),
      'no finding of CRITICAL or HIGH (0 critical, 0 high, 0 medium, 0 low, 0 unknown)',
    ],
    [
      'one',
      sentence([finding()]),
      '1 finding refuses (0 critical, 1 high, 0 medium, 0 low, 0 unknown): CVE-1 in lodash 4.17.20 (fixed in 4.17.21)',
    ],
    [
      'no fix',
      sentence([finding({ fixed: '' })]),
      '1 finding refuses (0 critical, 1 high, 0 medium, 0 low, 0 unknown): CVE-1 in lodash 4.17.20 (no fix yet)',
    ],
    [
      'many',
      sentence(['1', '2', '3', '4', '5'].map((id) => finding({ kind: 'secret', id, target: '/x' }))),
      '5 findings refuse (0 critical, 5 high, 0 medium, 0 low, 0 unknown): 1 in /x, 2 in /x, 3 in /x and 2 more',
    ],
    [
      'only old ones',
      sentence([finding()], [finding()]),
      'no finding of CRITICAL or HIGH that is new since the baseline (0 critical, 1 high, 0 medium, 0 low, 0 unknown)',
    ],
  ])('%s', (_, said, expected) => {
    expect(said).toBe(expected)
  })
})

describe('upgradesFor', () => {
  test('one version that clears all findings of a package, what clears most first', () => {
    const upgrades = upgradesFor([
      finding({ pkg: 'ms', installed: '1.0.0', fixed: '2.0.0' }),
      finding({ id: 'CVE-2', fixed: '4.17.19, 4.17.23' }),
      finding(),
      finding({ id: 'CVE-3', fixed: '' }),
      finding({ kind: 'secret', fixed: '1' }),
    ])
    expect(upgrades).toEqual([
      { pkg: 'lodash', installed: '4.17.20', to: '4.17.23', clears: ['CVE-2', 'CVE-1'] },
      { pkg: 'ms', installed: '1.0.0', to: '2.0.0', clears: ['CVE-1'] },
    ])
  })

  test('of several fixed lines the nearest above what is installed', () => {
    expect(upgradesFor([finding({ installed: '1.2.0', fixed: '0.2.4, 1.2.6, 2.0.1' })])[0]?.to).toBe('1.2.6')
  })

  test.each<[string, string, -1 | 0 | 1]>([
    ['1.2.3', '1.2.10', -1],
    ['v1.2.3', '1.2.3', 0],
    ['1.0.0-rc1', '1.0.0', -1],
    ['1.0~rc1', '1.0', -1],
    ['2.36-9+deb12u4', '2.36-9+deb12u10', -1],
    ['1.0.0.1', '1.0.0', 1],
    ['9.9', '10.0', -1],
  ])('%s against %s', (a, b, order) => {
    expect(Math.sign(compareVersions(a, b))).toBe(order)
    expect(Math.sign(compareVersions(b, a)) + order).toBe(0)
  })
})

test('severities have one order, and an unfamiliar one is unknown', () => {
  expect(worst(['LOW', 'HIGH', 'UNKNOWN'])).toBe('HIGH')
  expect(worst([])).toBeNull()
  expect(toSeverity('severe')).toBe('UNKNOWN')
})
