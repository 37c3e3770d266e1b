import { describe, expect, test } from '@jest/globals'
import { inTime } from '@alt-las/time'
import { readOneYaml, readYaml } from './index.ts'

const value = (text: string, dialect?: 'core' | 'kubernetes') => readYaml(text, dialect).documents[0]?.value
const mistake = (text: string) => readYaml(text, 'kubernetes').mistakes[0]?.what

describe('YAML', () => {
  test('is read with the line of each document', () => {
    expect(readYaml('a: 1\n---\n# two\nb: [x, {y: z}]\n---\n')).toEqual({
      documents: [
        { line: 1, value: { a: 1 } },
        { line: 4, value: { b: ['x', { y: 'z' }] } },
        { line: 5, value: null },
      ],
      mistakes: [],
    })
  })

  test.each([
    ['a: 0644', { a: 420 }],
    ['yes: no', { true: false }],
    ['a: 2026-01-01', { a: '2026-01-01' }],
    ['a: &x {p: 1}\nb: {<<: *x, z: 2}', { a: { p: 1 }, b: { p: 1, z: 2 } }],
  ])('%j is read as Kubernetes reads it', (text, expected) => {
    expect(value(text, 'kubernetes')).toEqual(expected)
  })

  test('a key that is a prototype stays a key', () => {
    const read = value('__proto__: {a: 1}\nb: 2') as object
    expect(Object.keys(read)).toEqual(['__proto__', 'b'])
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype)
  })

  test('what has the depth of an honest manifest is read', () => {
    const deep = Array.from({ length: 90 }, (_, i) => `${'  '.repeat(i)}a:`).join('\n')
    expect(readYaml(deep).mistakes).toEqual([])
    expect(readYaml('['.repeat(99) + ']'.repeat(99)).mistakes).toEqual([])
  })
})

describe('a mistake, never an exception', () => {
  test.each([
    ['a: *b', 'Unresolved alias (the anchor must be set before the alias): b'],
    ['a: {<<: 1}', 'Merge sources must be maps or map aliases'],
    ['a: &d\n  b: *d', 'it nests deeper than 100 levels, or holds itself'],
    ['a: !!set {x, y}', 'it holds a value that JSON has no form for, such as a set or bytes'],
    ['a: !!binary aGk=', 'it holds a value that JSON has no form for, such as a set or bytes'],
    ['a: .nan', 'NaN is no number of JSON'],
    ['a: 1\na: 2', 'the key "a" is given twice'],
    ['{"a": 1, a: 2}', 'the key "a" is given twice'],
    ['[a]: 1', 'a key of a mapping is no text'],
    ['a: "', 'Missing closing "quote'],
    [bomb(), 'Excessive alias count indicates a resource exhaustion attack'],
  ])('%j', (text, what) => {
    expect(mistake(text)).toBe(what)
  })

  test('more than one document, where one was expected', () => {
    expect(readOneYaml('a: 1\n---\nb: 2')).toMatchObject({
      kind: 'mistake',
      what: 'got several documents, expected one',
    })
  })
})

describe('is refused by its tokens, before it is parsed', () => {
  test.each([
    ['keys within keys', '? '.repeat(400) + 'a', 'levels of nesting'],
    ['lists within lists', '- '.repeat(400) + 'a', 'levels of nesting'],
    ['both in turns', '- ? '.repeat(200) + 'a', 'levels of nesting'],
    ['brackets', '['.repeat(20_000), 'levels of nesting'],
    ['braces', '{a: '.repeat(20_000), 'levels of nesting'],
    [
      'indentation',
      Array.from({ length: 400 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
      'levels of nesting',
    ],
    ['brackets left open before another document', `[\n---\n${'- '.repeat(400)}a`, 'levels of nesting'],
    ['anchors', '- &a b\n'.repeat(3000), 'anchors and aliases'],
    ['documents', '---\n'.repeat(6000), 'documents'],
    ['tokens', '[' + 'a,'.repeat(400_000) + ']', 'tokens'],
    ['size', ' '.repeat(9 * 1024 * 1024), 'characters of YAML'],
  ])('%s', (_name, text, what) => {
    expect(mistake(text)).toContain(what)
  })
})

test.each([
  ['bad escapes', `a: "${'\\q'.repeat(30_000)}"`],
  ['commas', `[${','.repeat(30_000)}]`],
  ['colons', `{${': '.repeat(15_000)}}`],
  ['many keys', Array.from({ length: 20_000 }, (_, i) => `k${i}: 1`).join('\n')],
])('%s take linear time', (_name, text) => {
  // By the square it would be minutes.
  expect(() => inTime('it', () => readYaml(text), 60_000)).not.toThrow()
})

function bomb(): string {
  const levels = [...'bcdefgh'].map((name, i) => `${name}: &${name} [${`*${'abcdefgh'[i]},`.repeat(9)}]\n`)
  return `a: &a [x,x,x,x,x,x,x,x,x]\n${levels.join('')}`
}
