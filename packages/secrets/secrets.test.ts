import { describe, expect, test } from '@jest/globals'
import { looksLikeCredential, maskable, namedLikeCredential, redact } from './index.ts'

const github = `ghp_${'a1'.repeat(18)}`
const jwt = `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.${'s'.repeat(43)}`
const pem = `-----BEGIN RSA PRIVATE KEY-----\n${'Ab1+'.repeat(16)}\n-----END RSA PRIVATE KEY-----`

describe('looksLikeCredential', () => {
  test.each([
    github,
    `github_pat_${'a'.repeat(22)}`,
    `glpat-${'a'.repeat(20)}`,
    `npm_${'a'.repeat(36)}`,
    'xoxb-12345678-abc',
    'AKIAIOSFODNN7EXAMPLE',
    jwt,
    `token-${jwt}`,
    pem,
    'postgres://admin:hunter2@db:5432/x',
  ])('%s does', (text) => {
    expect(looksLikeCredential(`see ${text} here`)).toBe(true)
  })

  test.each([
    '',
    'production',
    'https://ghcr.io:443/alt-las/x',
    'https://$USER:$PASSWORD@host/',
    `sha256:${'0a'.repeat(32)}`,
    'eyJ',
    'v1.2.3-rc.1+build',
  ])('%j does not', (text) => {
    expect(looksLikeCredential(text)).toBe(false)
  })
})

test.each([
  ['NPM_TOKEN', true],
  ['db.password', true],
  ['API_KEY', true],
  ['AWS_SECRET_ACCESS_KEY', true],
  ['TOKENS_PER_SECOND', false],
  ['KEYBOARD', false],
  ['PASSWORD_FILE', false],
])('a variable %s is named like a credential: %p', (name, expected) => {
  expect(namedLikeCredential(name)).toBe(expected)
})

describe('redact', () => {
  test.each([
    ['password=hunter2 rest', 'password=*** rest'],
    ['"secret": "two words", x', '"secret": ***, x'],
    ['Authorization: Bearer abcdefgh12', 'Authorization: Bearer ***'],
    ['AWS_SECRET_ACCESS_KEY=abc', 'AWS_SECRET_ACCESS_KEY=***'],
    ['postgres://u:hunter2@db/x', 'postgres://u:***@db/x'],
    ['http://a:8080/ and redis://:pw@cache and x@y', 'http://a:8080/ and redis://:***@cache and x@y'],
    [`clone with ${github}`, 'clone with ***'],
    [`a ${jwt} b`, 'a *** b'],
    [`key:\n${pem}\nend`, 'key:\n***\nend'],
    [`a\n  ${'Ab1+'.repeat(16)}\nb`, 'a\n  ***\nb'],
    [`pulled x@sha256:${'0a'.repeat(32)}`, `pulled x@sha256:${'0a'.repeat(32)}`],
    ['listening on http://0.0.0.0:8080', 'listening on http://0.0.0.0:8080'],
  ])('%j is shown as %j', (text, shown) => {
    expect(redact(text)).toBe(shown)
  })

  test('a long text is cut first, and no half of a secret is left at the cut', () => {
    expect(redact(`${github} the end`, { limit: 20 })).toBe('… the end')
    expect(redact(`begin ${github}`, { limit: 20, keep: 'start' })).toBe('begin …')
  })
})

describe('maskable', () => {
  test('the value, each of its lines, and their forms in base64, URLs and JSON', () => {
    const forms = maskable(['first "one"\r\nsecond+/\r'])
    for (const form of ['first "one"', 'second+/', 'second%2B%2F', 'first \\"one\\"'])
      expect(forms).toContain(form)
    expect(forms).toContain(Buffer.from('second+/').toString('base64'))
  })

  test('base64 also as it stands in URLs, and of the text with the end of its line', () => {
    const secret = 'secret?>?'
    expect(maskable([secret])).toEqual(
      expect.arrayContaining([
        Buffer.from(secret).toString('base64'),
        Buffer.from(secret).toString('base64url'),
        Buffer.from(`${secret}\n`).toString('base64'),
      ]),
    )
    expect(maskable([' padded '])).toContain(Buffer.from(' padded ').toString('base64'))
  })

  test('a few letters are no secret', () => {
    expect(maskable(['{\n  a\n}', '', 'abc'])).not.toContain('}')
    expect(maskable(['abc'])).toEqual([])
  })

  test('the longest comes first', () => {
    const lengths = maskable(['one line', 'another\nlonger line']).map(({ length }) => length)
    expect(lengths).toEqual(lengths.toSorted((one, other) => other - one))
  })
})

// Growth of processor time, and not seconds: eight times the text takes some 8 times as long; a pattern that begins everywhere takes 64 times.
describe('time grows with the text, not with its square', () => {
  const parts = ['a', '-eyJ', 'eyJa.', '://a:', 'password=', 'token:\n', '"secret"="', "key='", 'ghp_', 'x@']
  const functions = { redact: (text: string) => redact(text, { limit: Infinity }), looksLikeCredential }
  const cases = Object.entries(functions).flatMap(([name, act]) => parts.map((part) => ({ name, part, act })))

  test.each(cases)('$name of many $part', ({ part, act }) => {
    const texts = [40_000, 320_000].map((size) => part.repeat(size / part.length))
    const [short = 0, long = 0] = texts.map((text) => processorTime(() => act(text)))
    expect(long / short).toBeLessThan(30)
  })
})

/** Of the shortest of some runs, ms: what else the process does only makes one longer. Never under a millisecond, which is as good as none. */
function processorTime(work: () => unknown): number {
  const times = Array.from({ length: 7 }, () => {
    const before = process.cpuUsage()
    work()
    return process.cpuUsage(before).user / 1000
  })
  return Math.max(Math.min(...times), 1)
}
