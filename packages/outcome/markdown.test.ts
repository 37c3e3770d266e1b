import { describe, expect, test } from '@jest/globals'
import { toMarkdown } from './index.ts'

describe('toMarkdown', () => {
  test('text from outside cannot become markup', () => {
    const markdown = toMarkdown({
      title: 'a <b>',
      blocks: [
        { kind: 'paragraph', text: '**bold** [x](javascript:1)\n# heading' },
        {
          kind: 'table',
          head: ['a'],
          rows: [['x | y'], [{ code: 'c|d' }], [{ text: 't', href: 'javascript:1' }]],
        },
      ],
    })
    expect(markdown).toBe(
      [
        '### a &lt;b&gt;',
        '\\*\\*bold\\*\\* \\[x\\](javascript:1) # heading',
        '| a |\n| --- |\n| x \\| y |\n| `c\\|d` |\n| t |\n',
      ].join('\n\n'),
    )
  })

  test('a code block outlives the fences inside it', () => {
    const markdown = toMarkdown({
      title: 't',
      blocks: [{ kind: 'code', language: 'log', text: 'x\n```\ny' }],
    })
    expect(markdown).toContain('````log\nx\n```\ny\n````')
  })
})
