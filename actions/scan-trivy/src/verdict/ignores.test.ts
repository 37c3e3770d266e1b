import { describe, expect, test } from '@jest/globals'
import { joinIgnores, staleIgnores } from './ignores.ts'

const plain = (text: string) => joinIgnores([{ path: '.trivyignore', text }])

describe('joinIgnores', () => {
  test('plain files are joined, with dates and comments', () => {
    const file = joinIgnores([
      { path: 'a', text: '# why\nCVE-1 # until we move\n\nCVE-2 exp:2026-01-01\r\n' },
      { path: 'b', text: 'aws-access-key-id' },
    ])
    expect(file.name).toBe('.trivyignore')
    expect(file.entries).toEqual([
      { id: 'CVE-1', until: null },
      { id: 'CVE-2', until: Date.UTC(2026, 0, 1) },
      { id: 'aws-access-key-id', until: null },
    ])
  })

  test('a YAML file is read by its lists', () => {
    const text =
      'vulnerabilities:\n  - id: CVE-1\n    expired_at: 2026-01-01\n    statement: x\nsecrets:\n  - id: aws\n'
    expect(joinIgnores([{ path: 'i.yaml', text }])).toMatchObject({
      name: '.trivyignore.yaml',
      entries: [
        { id: 'CVE-1', until: Date.UTC(2026, 0, 1) },
        { id: 'aws', until: null },
      ],
    })
  })

  test.each<[string, () => unknown, string]>([
    ['a date that is none', () => plain('CVE-1 exp:tomorrow'), '.trivyignore:1: got "CVE-1 exp:tomorrow"'],
    ['two ids on a line', () => plain('CVE-0\nCVE-1 CVE-2'), '.trivyignore:2:'],
    [
      'a YAML entry without id',
      () => joinIgnores([{ path: 'i.yml', text: 'secrets: [{}]' }]),
      'without an id',
    ],
    [
      'an empty YAML item',
      () => joinIgnores([{ path: 'i.yml', text: 'vulnerabilities:\n  -\n' }]),
      'i.yml: got an entry without an id',
    ],
    ['an end without exp:', () => plain('CVE-1 2026-01-01'), 'expected ID or ID exp:YYYY-MM-DD'],
    ['broken YAML', () => joinIgnores([{ path: 'i.yml', text: 'a: [' }]), 'i.yml'],
    ['YAML that is no mapping', () => joinIgnores([{ path: 'i.yml', text: 'x' }]), 'expected a mapping'],
    [
      'YAML with others',
      () =>
        joinIgnores([
          { path: 'i.yml', text: '' },
          { path: 'b', text: '' },
        ]),
      'expected it alone',
    ],
  ])('%s is an input error, where Trivy would go on without the entry', (_, act, message) => {
    expect(act).toThrow(message)
  })

  test.each([
    ['only comments', '# nothing yet\n', []],
    ['an empty list', 'vulnerabilities:\n', []],
    [
      'an end with a time',
      'vulnerabilities:\n  - id: CVE-1\n    expired_at: 2099-01-01T12:00:00Z\n',
      [{ id: 'CVE-1', until: Date.UTC(2099, 0, 1, 12) }],
    ],
  ])('YAML with %s is read', (_, text, entries) => {
    expect(joinIgnores([{ path: 'i.yaml', text }]).entries).toEqual(entries)
  })

  test('a byte order mark is no part of an id, for us and for Trivy', () => {
    const marked = [
      { path: 'a', text: '\uFEFFCVE-1\r\n' },
      { path: 'b', text: '\uFEFFCVE-2' },
    ]
    expect(joinIgnores(marked)).toMatchObject({
      text: 'CVE-1\r\n\nCVE-2',
      entries: [{ id: 'CVE-1' }, { id: 'CVE-2' }],
    })
    expect(joinIgnores([{ path: 'a.yaml', text: '\uFEFFsecrets: []' }]).text).toBe('secrets: []')
  })

  test('no file at all is an empty file of ours', () => {
    expect(joinIgnores([])).toEqual({ name: '.trivyignore', text: '', entries: [] })
  })
})

test('ended and unused entries are named, each once', () => {
  const { entries } = plain('USED\nUNUSED\nENDED exp:2025-12-31\nLIVE exp:2026-12-31')
  expect(staleIgnores(entries, ['USED', 'LIVE'], Date.UTC(2026, 5, 1))).toEqual({
    expired: ['ENDED'],
    unused: ['UNUSED'],
  })
})

test.each(['DS-0002', 'AVD-DS-0002', 'DS002'])('%s is used where Trivy suppressed DS-0002', (id) => {
  expect(staleIgnores(plain(id).entries, ['DS-0002'], 0).unused).toEqual([])
})

test('a check by its long name is called unused only where every suppressed finding has another entry', () => {
  const { entries } = plain('use-copy-over-add\nCVE-1')
  expect(staleIgnores(entries, ['DS-0005'], 0).unused).toEqual(['CVE-1'])
  expect(staleIgnores(entries, ['CVE-1'], 0).unused).toEqual(['use-copy-over-add'])
})
