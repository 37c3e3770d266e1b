import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { patternEngine } from './pattern.ts'

const linear = patternEngine(() => {
  throw new Error('backtracks')
})

test.each(['^(a+)+$', '^(a|a)*$', '^(a|aa)+$', '(.*a){12}$', '^(?:a?){30}a{30}$'])(
  '%s ends at once on a text of a hundred thousand characters',
  (pattern) => {
    const begun = process.threadCpuUsage()
    linear(pattern, 'u').test(`${'a'.repeat(100_000)}!`)
    const { user, system } = process.threadCpuUsage(begun)
    expect((user + system) / 1000).toBeLessThan(1000)
  },
)

test.each(['(?=a)b', '(?<!a)b', '(a)\\1', '[\\S]', '[a-z]{1000}[0-9]{1000}', '\\p{Script=Greek}'])(
  '%s is matched by backtracking, and says so',
  (pattern) => {
    let told = 0
    const compiled = patternEngine(() => {
      told += 1
    })(pattern, 'u')
    expect(told).toBe(1)
    expect(String(compiled)).toBe(String(new RegExp(pattern, 'u')))
  },
)

test.each(['(', '\\Q', 'a{2,1}'])('%s is invalid, as in ECMAScript', (pattern) => {
  expect(() => linear(pattern, 'u')).toThrow(SyntaxError)
})

const patterns = [
  ...[
    '^.$',
    '^\\s+$',
    '^\\S+$',
    '[\\s,]+$',
    '\\w+\\b',
    '^[^a-c]*$',
    '\\u0041|\\u{1F600}',
    '^[.\\]]$',
    '^a{2,3}?$',
  ],
  ...['^\\d{4}-\\d\\d$', '\\p{L}+', '^(?<year>a)$', '^$', '[^]', '[]', '\\/', '^[\\w.-]+@[\\w-]+$'],
]

test('matches as the engine of ECMAScript does', () => {
  const letters = fc.constantFrom(...'aAb1_-./@], \t\n\r\u000b\u00a0\u2028\ufeffé😀K\ud800')
  const texts = fc.array(letters, { maxLength: 6 }).map((all) => all.join(''))
  for (const pattern of patterns) {
    const ours = linear(pattern, 'u')
    const theirs = new RegExp(pattern, 'u')
    fc.assert(
      fc.property(texts, (text) => ours.test(text) === theirs.test(text)),
      { numRuns: 300 },
    )
  }
})
