import assert from 'node:assert/strict'
import { test } from 'node:test'
import { segments } from './segments.ts'

const texts = (text: string, max = 1000): readonly string[] =>
  segments(text, max).map((segment) => segment.text)

const cases: readonly (readonly [string, string, number, readonly string[]])[] = [
  [
    'sentences are segments, without the blanks around them',
    ' One two.  Three!\n Four? ',
    1000,
    ['One two.', 'Three!', 'Four?'],
  ],
  ['a text of nothing but blanks has none', ' \n\t ', 1000, []],
  ['a decimal point ends no sentence', 'It took 3.5 s. Good.', 1000, ['It took 3.5 s.', 'Good.']],
  [
    'a long sentence is cut at the last word boundary that fits',
    'alpha beta gamma delta',
    12,
    ['alpha beta', 'gamma delta'],
  ],
  ['a word that is too long is cut between characters', 'abcdefgh ij', 3, ['abc', 'def', 'gh', 'ij']],
  ['a character of several code units is never cut', '👩‍🚀👩‍🚀', 6, ['👩‍🚀', '👩‍🚀']],
  ['a single character above the limit is kept whole', '👩‍🚀a', 1, ['👩‍🚀', 'a']],
  [
    'other scripts have sentences too',
    'これは文です。次の文です。',
    1000,
    ['これは文です。', '次の文です。'],
  ],
]
for (const [title, text, max, expected] of cases)
  test(title, () => assert.deepEqual(texts(text, max), expected))

test('offsets point at the segment within the text, in order and without overlap, and only blanks are left out', () => {
  const text = 'Çok güzel.  "Evet", dedi —\n\nve gitti! 👩‍🚀🚀 3.14 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…  son'
  for (const max of [1, 2, 3, 5, 8, 13, 1000]) {
    let end = 0
    for (const [index, segment] of segments(text, max).entries()) {
      assert.equal(segment.index, index)
      assert.equal(text.slice(segment.start, segment.end), segment.text)
      assert.equal(segment.text, segment.text.trim())
      assert.equal(text.slice(end, segment.start).trim(), '')
      end = segment.end
    }
    assert.equal(text.slice(end).trim(), '')
  }
})
