import { describe, expect, test } from '@jest/globals'
import { nextPage, readTags } from './tag-list.ts'

const base = new URL('https://ghcr.io')

describe('the next page of tags', () => {
  test.each<[string | undefined, string | null]>([
    [undefined, null],
    ['', null],
    ['</v2/x/tags/list?last=a>; rel="next"', 'https://ghcr.io/v2/x/tags/list?last=a'],
    ['</a>; title="x"; rel=next', 'https://ghcr.io/a'],
    ['</a>; rel="prev", </b?n=1>; rel="next"', 'https://ghcr.io/b?n=1'],
    ['https://evil.example/a', null],
    ['<https://evil.example/a?b>; rel="next"', 'https://ghcr.io/a?b'],
    ['<https://evil.example//other.example/a>; rel="next"', 'https://ghcr.io//other.example/a'],
    ['</a>; rel="nextish"', null],
    [`${'<'.repeat(16_000)}`, null],
  ])('by %j is %p', (link, url) => {
    expect(nextPage(link, base)?.href ?? null).toBe(url)
  })

  test('with an address that is none is a broken registry', () => {
    expect(() => nextPage('<http://[>; rel="next"', base)).toThrow('names an invalid next page')
  })
})

test.each([
  ['{"tags":["a",5,"b c","1.2.3"]}', ['a', '1.2.3']],
  ['{"tags":null}', []],
  ['{}', []],
])('the tags of %s are %j', (text, tags) => {
  expect(readTags(Buffer.from(text), 'x')).toEqual(tags)
})

test.each(['[]x', '{"tags":"a"}', '<html>'])('%j is no list', (text) => {
  expect(() => readTags(Buffer.from(text), 'x')).toThrow('without a list')
})
