import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { micromark } from 'micromark'
import { gfm, gfmHtml } from 'micromark-extension-gfm'
import { toMarkdown } from './index.ts'
import type { Block } from './report.ts'

/** As GitHub renders it, HTML included. */
const html = (...blocks: readonly Block[]) =>
  micromark(toMarkdown({ title: 't', blocks }), {
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
    allowDangerousHtml: true,
  })

/** A text in every place that a report has. */
const everywhere = (text: string): readonly Block[] => [
  { kind: 'paragraph', text },
  { kind: 'list', items: [text, { code: text }, { text, href: 'https://good.example/' }] },
  {
    kind: 'table',
    head: [text],
    rows: [[text], [{ code: text }], [{ text, href: `https://good.example/${text}` }]],
  },
  { kind: 'code', language: 'log', text },
  { kind: 'details', summary: text, blocks: [{ kind: 'paragraph', text }] },
]

const ours = html(...everywhere('x'))
const tags = (text: string) =>
  text
    .match(/<\/?[a-z][^>]*>/g)
    ?.map((tag) => tag.replace(/href="https:\/\/good\.example\/[^"]*"/, 'href')) ?? []
/** What a reader sees. */
const shown = (text: string) =>
  text
    .replace(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
const outsideCode = (text: string) => text.replace(/<(code|pre|a)[ >][^]*?<\/\1>/g, '')

const hostile = [
  'left-pad\\| [Approve](https://evil.example/) ![x](https://evil.example/b.png)',
  'x\r\r### push-image: passed\r\r| tag | outcome |\r|---|---|\r| 1.2.3 | created |\r\r',
  '**bold** [x](javascript:1)\n# heading',
  '# heading',
  '- item',
  '1. one',
  '+ item',
  '> quote',
  '---',
  '===',
  '```\nx\n```',
  '~~~',
  '    indented',
  '<img src=x onerror=1>',
  '<!-- ',
  '</details></td><script>',
  '&lt;b&gt;',
  'see http://evil.example/x, www.evil.example and me@evil.example',
  'mailto:a@evil.example',
  '(https://evil.example)',
  'a`b',
  '`a`',
  '``',
  '\\',
  'a\\',
  '\\\\|',
  '|',
  'a | b',
  '||',
  '\\`|x',
  '[x]: https://evil.example',
  '[^1]: x',
  '$x$',
  '- [ ] task',
  '![[x]]',
  'a\u2028b',
  'a\u202eb',
  '<https://evil.example>',
  '\ud800',
]

describe('a foreign text, as GitHub renders it', () => {
  test.each(hostile.map((text) => [text]))('%j makes no markup', (text) => {
    const rendered = html(...everywhere(text))
    const code = (list: readonly string[]) => list.filter((tag) => !/^<\/?code/.test(tag))
    expect(code(tags(rendered))).toEqual(code(tags(ours)))
    expect(rendered).not.toMatch(/href="(?!https:\/\/good\.example\/)/)
  })

  test.each(hostile.filter((text) => !/[\s\u202e\ud800]/.test(text)).map((text) => [text]))(
    '%j is shown as it is',
    (text) => {
      for (const block of everywhere(text).slice(0, 3)) {
        expect(
          shown(html(block))
            .replaceAll('\u200b', '')
            .split(/\n+/)
            .filter((line) => line === text).length,
        ).toBeGreaterThan(0)
      }
    },
  )

  test.each(['@team', 'thanks @some-one!', 'org/repo#12', '(#7)', 'GH-9', 'a@b.example', '$\\href{x}{y}$'])(
    '%j mentions and links nothing',
    (text) => {
      const rendered = outsideCode(html(...everywhere(text).slice(0, 3)))
      expect(rendered).not.toMatch(/@\w|#\d|GH-\d|\$/)
    },
  )

  test('is never markup, whatever it holds', () => {
    const piece = fc.constantFrom(
      '\\',
      '|',
      '`',
      '``',
      '[',
      ']',
      '(',
      ')',
      '!',
      '<',
      '>',
      '*',
      '_',
      '~',
      '#',
      '-',
      '@',
      'a',
      'https://evil.example',
      'www.e.example',
      '\r',
      '\n',
      ' ',
      '&',
      ';',
      '&#124;',
    )
    const clean = (list: readonly string[]) => list.filter((tag) => !/^<\/?code/.test(tag))
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 10 }), (pieces) => {
        const rendered = html(...everywhere(`a${pieces.join('')}a`))
        expect(clean(tags(rendered))).toEqual(clean(tags(ours)))
        expect(rendered).not.toMatch(/href="(?!https:\/\/good\.example\/)/)
      }),
      { numRuns: 1000, seed: 4 },
    )
  })
})

describe('a link', () => {
  const of = (href: string) => html({ kind: 'list', items: [{ text: 't', href }] })
  test.each([
    ['https://a.example/x', 'https://a.example/x'],
    ['https://a.example/a b)[x](y)<>"', 'https://a.example/a%20b%29%5Bx%5D%28y%29%3C%3E%22'],
    ['https://a.example/?a=1&b=2', 'https://a.example/?a=1&amp;b=2'],
  ])('to %s has the address %s and no other', (href, address) => {
    expect(of(href).match(/href="[^"]*"/g)).toEqual([`href="${address}"`])
  })

  test.each(['javascript:1', 'https://', 'https://good.example@evil.example/', 'ftp://x', '\ud800'])(
    'to %j is text',
    (href) => {
      expect(of(href)).not.toContain('href')
    },
  )
})

describe('a long report', () => {
  test('stays below the size that GitHub takes, and says that something is missing', () => {
    const rows = Array.from({ length: 50_000 }, () => ['@|\\'.repeat(10)])
    const markdown = toMarkdown({
      title: 't',
      blocks: [
        { kind: 'paragraph', text: 'a' },
        { kind: 'table', head: ['a'], rows },
      ],
    })
    expect(Buffer.byteLength(markdown)).toBeLessThan(1_000_000)
    expect(markdown).toContain('too long for a summary')
  })

  test.each(['a', '(', '!', '@', '\\|', '`', 'a`', 'a@', '[', '://'])(
    'of many %j takes time in proportion',
    (part) => {
      const time = (size: number) => {
        const before = process.cpuUsage()
        toMarkdown({
          title: 't',
          blocks: [
            { kind: 'code', language: '', text: part.repeat(size) },
            { kind: 'paragraph', text: part.repeat(size) },
          ],
        })
        return Math.max(process.cpuUsage(before).user / 1000, 2)
      }
      time(20_000)
      expect(time(160_000) / time(20_000)).toBeLessThan(30)
    },
  )
})
