import { describe, expect, test } from '@jest/globals'
import { inTime } from '@alt-las/time'
import { assignmentWords, expand } from './words.ts'
import type { Value } from './value.ts'

const values: Readonly<Record<string, Value>> = {
  A: 'x',
  E: '',
  T: 'v1.2.3',
  U: { because: 'U is not known' },
}
const read = (text: string) => expand(text, (name) => values[name] ?? null)
const t = String.raw

describe('expand', () => {
  test.each<[string, string]>([
    ['$A-${A}', 'x-x'],
    ['${B:-def}', 'def'],
    ['${E-def}${E:-def}', 'def'],
    ['${A:+yes}${B:+no}${E+set}', 'yesset'],
    [t`\$A`, '$A'],
    ['${B:-$A}', 'x'],
    ['${B:-${C:-${A}}}', 'x'],
    ['${B:-${A}}/${A:-${U}}', 'x/x'],
    ['${A:?required}', 'x'],
    ['${T#v}', '1.2.3'],
    ['${T%.*}', 'v1.2'],
    ['${T%%.*}', 'v1'],
    ['${T##*.}', '3'],
    ['${T#*.}', '2.3'],
    ['${T/./-}', 'v1-2.3'],
    ['${T//./-}', 'v1-2-3'],
    ['${T//?/}', ''],
    [t`${'${T#\\*}'}`, 'v1.2.3'],
    ['"$A"', 'x'],
    ["'$A'", '$A'],
    ['"root"', 'root'],
    [t`"a \" b"`, 'a " b'],
    [t`C:\\data`, t`C:\data`],
    ['a$', 'a$'],
    ['$1$A', 'x'],
    ['${B}', ''],
  ])('%s is %j', (text, expected) => {
    expect(read(text)).toBe(expected)
  })

  test.each<[string, string]>([
    ['$U', 'U is not known'],
    ['a-${U}', 'U is not known'],
    ['${U:-def}', 'U is not known'],
    ['${U:+def}', 'U is not known'],
    ['${B:-$U}', 'U is not known'],
    ['${U#v}', 'U is not known'],
    ['${U:?needed}', 'U is not known'],
    ['${B:?needed}', '"${B:?needed}" needs a value for B'],
    ['"a', '"\\"a" has a quote that is not closed'],
    ['${A', '"${A" has an unsupported substitution'],
    ['${A^^}', '"${A^^}" has an unsupported substitution'],
    ['${}', '"${}" has a bad substitution'],
  ])('%s cannot be known: %s', (text, because) => {
    expect(read(text)).toEqual({ because })
  })

  test('nothing is nested without end', () => {
    expect(read('${B:-'.repeat(20_000))).toMatchObject({
      because: expect.stringContaining('nested too deeply'),
    })
  })

  test('a pattern of many stars takes no longer than its length', () => {
    const long = 'a'.repeat(5_000)
    expect(expand(`\${L#${'*a'.repeat(50)}b}`, () => long)).toBe(long)
  })
})

test.each<[string, readonly string[]]>([
  ['A=b C="d e"', ['A=b', 'C="d e"']],
  [t`A=it\'s B=c`, [t`A=it\'s`, 'B=c']],
  [t`A=a\ b B='c d'`, [t`A=a\ b`, "B='c d'"]],
  ['A=a"b c"d E=f', ['A=a"b c"d', 'E=f']],
  ['A="open B=c', ['A="open B=c']],
])('assignmentWords(%j)', (text, words) => {
  expect(assignmentWords(text)).toEqual(words)
})

describe('values that grow', () => {
  const because = (text: string, value: string) => {
    const read = inTime('it', () => expand(text, () => value), 20_000)
    return typeof read === 'string' ? read.length : read.because
  }

  test.each<[string, string, string]>([
    ['repeated', '$A'.repeat(100), 'x'.repeat(1000)],
    ['replaced', '${A//x/' + 'y'.repeat(1000) + '}', 'x'.repeat(1000)],
    ['matched by a long pattern', '${A##' + '*x'.repeat(5000) + '}', 'x'.repeat(10_000)],
  ])('beyond any honest one are unknown: %s', (_name, text, value) => {
    expect(because(text, value)).toMatch(/becomes longer than|has a pattern that cannot be read/)
  })
})
