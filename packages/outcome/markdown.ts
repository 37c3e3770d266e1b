import type { Block, Cell, Report } from './report.ts'

/** A report as GitHub Markdown. Everything is escaped: text from logs, images and findings is not trusted. */
export function toMarkdown(report: Report): string {
  return [`### ${escape(report.title)}`, ...report.blocks.map(block)].join('\n\n') + '\n'
}

function block(one: Block): string {
  switch (one.kind) {
    case 'paragraph':
      return escape(one.text)
    case 'table':
      return table(one.head, one.rows)
    case 'list':
      return one.items.map((item) => `- ${cell(item)}`).join('\n')
    case 'code':
      return fenced(one.language, one.text)
    case 'details': {
      const inside = one.blocks.map(block).join('\n\n')
      return `<details><summary>${escape(one.summary)}</summary>\n\n${inside}\n\n</details>`
    }
  }
}

function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const line = (cells: readonly Cell[]) =>
    `| ${cells.map((one) => cell(one).replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)].join('\n')
}

function cell(value: Cell): string {
  if (typeof value === 'string') return escape(value)
  if ('code' in value) return inlineCode(value.code)
  return /^https?:\/\//.test(value.href)
    ? `[${escape(value.text)}](${encodeURI(value.href)})`
    : escape(value.text)
}

function inlineCode(text: string): string {
  const flat = text.replace(/\s+/g, ' ')
  return flat.includes('`') ? `<code>${escapeHtml(flat)}</code>` : `\`${flat}\``
}

function fenced(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map((run) => run[0].length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}${language}\n${text}\n${fence}`
}

function escape(text: string): string {
  return escapeHtml(text.replace(/\s*\n\s*/g, ' ')).replace(/([\\`*_[\]~])/g, '\\$1')
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
