import { plainWords, rawWords } from './words.ts'

/** One instruction's text, continuations joined, comments and heredocs left out. */
export interface Line {
  readonly text: string
  /** 1-based line of its start. */
  readonly line: number
}

export interface Lines {
  readonly lines: readonly Line[]
  /** `\` or a backtick. */
  readonly escape: string
  /** The frontend that `# syntax=` names, null without one. */
  readonly syntax: string | null
  /** Why BuildKit cannot read the file to its end, null where it can. */
  readonly problem: string | null
}

// dockerfile-ast reads three things otherwise than BuildKit: a line that ends with an escaped escape, comments within
// continuations of some instructions, and heredocs (blank before the name, quotes, descriptors). Each can hide what
// follows, so the file is cut into instructions here, by BuildKit's rules, and dockerfile-ast sees one of them at a time.

/** Cuts a Dockerfile into its instructions. */
export function readLines(source: string): Lines {
  const raw = source
    .replace(/^\uFEFF/, '')
    .split('\n')
    .map(withoutReturns)
  const escape = directivesOf(raw, '#').get('escape') === '`' ? '`' : '\\'
  const syntax = syntaxOf(raw)
  const lines: Line[] = []
  for (let at = 0; at < raw.length;) {
    const start = at
    const { text, next } = joined(raw, at, escape)
    at = next
    if (text === '') continue
    lines.push({ text, line: start + 1 })
    for (const { name, isChomped } of heredocsOf(text)) {
      const isEnd = (line: string) => (isChomped ? line.replace(/^\t+/, '') : line) === name
      while (at < raw.length && !isEnd(raw[at] ?? '')) at += 1
      if (at >= raw.length)
        return {
          lines,
          escape,
          syntax,
          problem: `the heredoc ${name} of line ${start + 1} has no end`,
        }
      at += 1
    }
  }
  return { lines, escape, syntax, problem: null }
}

// By a pattern it would take time by the square of the returns within a line.
function withoutReturns(line: string): string {
  let end = line.length
  while (end > 0 && line[end - 1] === '\r') end -= 1
  return line.slice(0, end)
}

// Directives stand only in the comment lines at the very top; any other line ends them.
function directivesOf(raw: readonly string[], mark: '#' | '//'): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const line of raw) {
    const text = withoutBlanks(line)
    const [, key = '', value = ''] =
      /^([a-zA-Z][a-zA-Z0-9]*)[ \t]*=[ \t]*(\S.*)$/.exec(
        text.startsWith(mark) ? withoutBlanks(text.slice(mark.length)) : '',
      ) ?? []
    if (!['escape', 'syntax', 'check'].includes(key.toLowerCase())) break
    found.set(key.toLowerCase(), value.trim())
  }
  return found
}

// BuildKit looks for the frontend before it reads the language: behind a first line `#!`, in comments of two slashes, and in JSON.
function syntaxOf(raw: readonly string[]): string | null {
  const rest = raw[0]?.startsWith('#!') === true ? raw.slice(1) : raw
  return directivesOf(rest, '#').get('syntax') ?? directivesOf(rest, '//').get('syntax') ?? syntaxInJson(rest)
}

function syntaxInJson(raw: readonly string[]): string | null {
  if (!withoutBlanks(raw.find((line) => withoutBlanks(line) !== '') ?? '').startsWith('{')) return null
  try {
    const { syntax } = JSON.parse(raw.join('\n')) as { readonly syntax?: unknown }
    return typeof syntax === 'string' ? syntax : null
  } catch {
    return null
  }
}

const blank = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/

/** Without what Go takes for blanks at the start: JavaScript takes other characters for some. */
function withoutBlanks(line: string): string {
  let start = 0
  while (start < line.length && blank.test(line.charAt(start))) start += 1
  return line.slice(start)
}

function joined(raw: readonly string[], from: number, escape: string): { text: string; next: number } {
  let { text, isOpen } = cut(withoutBlanks(raw[from] ?? ''), escape)
  let next = from + 1
  if (text.startsWith('#')) return { text: '', next }
  for (; isOpen && next < raw.length; next += 1) {
    const line = raw[next] ?? ''
    if (/^(?:#|$)/.test(withoutBlanks(line))) continue
    const more = cut(line, escape)
    text += more.text
    isOpen = more.isOpen
  }
  return { text: text.trim(), next }
}

// An escape at the end, or before spaces and tabs there, continues the line, unless it is itself escaped.
function cut(line: string, escape: string): { text: string; isOpen: boolean } {
  let end = line.length
  while (end > 0 && (line[end - 1] === ' ' || line[end - 1] === '\t')) end -= 1
  const text = line.slice(0, end)
  const isOpen = text.endsWith(escape) && !text.endsWith(escape + escape) && !text.startsWith('#')
  return isOpen ? { text: text.slice(0, -1), isOpen } : { text: line, isOpen }
}

interface Heredoc {
  readonly name: string
  /** `<<-`: tabs before the end mark do not count. */
  readonly isChomped: boolean
}

function heredocsOf(text: string): readonly Heredoc[] {
  if (!text.includes('<<') || !canHoldHeredoc(text)) return []
  return rawWords(text).flatMap((word) => {
    const [, dash, rest = ''] = /^\d*<<(-?)\s*([^<]*)$/.exec(word) ?? []
    const [name, ...others] = rest === '' ? [] : plainWords(rest)
    return name === undefined || others.length > 0 ? [] : [{ name, isChomped: dash === '-' }]
  })
}

function canHoldHeredoc(text: string): boolean {
  const [, keyword = '', rest = ''] = /^(\S+)\s*([\s\S]*)$/.exec(text) ?? []
  if (keyword.toUpperCase() === 'ONBUILD') return canHoldHeredoc(rest)
  if (!['RUN', 'COPY', 'ADD'].includes(keyword.toUpperCase())) return false
  return execForm(rest.replace(/^(?:--\S+\s+)*/, '')) === null
}

/** The words of an exec form, null for a shell form. */
export function execForm(rest: string): readonly string[] | null {
  if (!rest.trimStart().startsWith('[')) return null
  try {
    const words: unknown = JSON.parse(rest)
    return Array.isArray(words) && words.every((word) => typeof word === 'string') ? words : null
  } catch {
    return null
  }
}
