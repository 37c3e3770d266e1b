import { fencedCode, htmlText, inlineCode, inlineText, link } from './inline.ts'
import type { Block, Cell, Report } from './report.ts'

/** GitHub refuses a summary of more than 1 MiB. */
const mostCharacters = 300_000
const mostInBlock = 60_000

/** A report as GitHub Markdown. Everything is made harmless: text from logs, images and findings is not trusted. */
export function toMarkdown(report: Report): string {
  const parts = [`### ${inlineText(report.title)}`]
  let left = mostCharacters
  for (const one of report.blocks) {
    const text = block(one)
    left -= text.length
    if (left < 0) {
      parts.push('The rest is too long for a summary; the outcome document holds it.')
      break
    }
    parts.push(text)
  }
  return parts.join('\n\n') + '\n'
}

function block(one: Block): string {
  switch (one.kind) {
    case 'paragraph':
      return inlineText(one.text)
    case 'table':
      return table(one.head, one.rows)
    case 'list':
      return one.items.map((item) => `- ${cell(item, 'line')}`).join('\n')
    case 'code':
      return fencedCode(one.language, one.text.slice(0, mostInBlock))
    case 'details': {
      const inside = one.blocks.map(block).join('\n\n')
      return `<details><summary>${htmlText(one.summary)}</summary>\n\n${inside}\n\n</details>`
    }
  }
}

function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const line = (cells: readonly Cell[]) => `| ${cells.map((one) => cell(one, 'cell')).join(' | ')} |`
  return [line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)].join('\n')
}

function cell(value: Cell, place: 'line' | 'cell'): string {
  if (typeof value === 'string') return inlineText(value, place)
  return 'code' in value ? inlineCode(value.code, place) : link(value.text, value.href, place)
}
