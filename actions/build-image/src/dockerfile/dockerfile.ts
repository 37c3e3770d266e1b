/** One instruction of a Dockerfile, continuations joined, comments dropped. */
export interface Instruction {
  /** Upper case: `RUN`. */
  readonly name: string
  /** `--from=deps` as `['from', 'deps']`, in order. */
  readonly flags: readonly (readonly [string, string])[]
  /** What follows the flags, on one line. */
  readonly rest: string
  /** The words of an exec form, null for a shell form. */
  readonly exec: readonly string[] | null
  readonly heredocs: readonly string[]
  /** 1-based. */
  readonly line: number
}

/** Reads what BuildKit reads: directives, continuations, comments inside them, heredocs. Never throws: the builder judges the syntax. */
export function parseDockerfile(source: string): readonly Instruction[] {
  const lines = source.replace(/^\uFEFF/, '').split(/\r?\n/)
  const escape = escapeOf(lines)
  const found: Instruction[] = []
  for (let at = 0; at < lines.length;) {
    if (isIgnored(lines[at] ?? '')) {
      at += 1
      continue
    }
    const { text, next } = joined(lines, at, escape)
    const heredocs = readHeredocs(text, lines, next)
    found.push({ ...instruction(text), heredocs: heredocs.bodies, line: at + 1 })
    at = heredocs.next
  }
  return found
}

/** Words of `ENV`, `ARG` and `LABEL`: quotes are taken off, an escaped blank stays inside its word. */
export function splitWords(text: string): readonly string[] {
  return [...text.matchAll(/(?:"(?:\\.|[^"\\])*"|'[^']*'|\\.|[^\s"'\\])+/g)].map(([word]) =>
    word.replace(
      /"((?:\\.|[^"\\])*)"|'([^']*)'|\\(.)/g,
      (_, double?: string, single?: string, escaped?: string) =>
        double?.replace(/\\(["\\])/g, '$1') ?? single ?? escaped ?? '',
    ),
  )
}

// Directives stand only in the comment lines at the very top.
function escapeOf(lines: readonly string[]): string {
  for (const line of lines) {
    const directive = /^\s*#\s*([a-z]+)\s*=\s*(.+?)\s*$/i.exec(line)
    if (directive === null) return '\\'
    if (directive[1]?.toLowerCase() === 'escape') return directive[2] === '`' ? '`' : '\\'
  }
  return '\\'
}

function isIgnored(line: string): boolean {
  return /^\s*(?:#|$)/.test(line)
}

function joined(lines: readonly string[], from: number, escape: string): { text: string; next: number } {
  const continues = escape === '`' ? /`[ \t]*$/ : /\\[ \t]*$/
  let text = lines[from] ?? ''
  let next = from + 1
  while (continues.test(text)) {
    while (next < lines.length && isIgnored(lines[next] ?? '')) next += 1
    if (next >= lines.length) return { text: text.replace(continues, ''), next }
    text = text.replace(continues, '') + (lines[next] ?? '')
    next += 1
  }
  return { text, next }
}

function readHeredocs(
  text: string,
  lines: readonly string[],
  from: number,
): { bodies: string[]; next: number } {
  if (!/^\s*(?:RUN|COPY|ADD)\b/i.test(text)) return { bodies: [], next: from }
  const marks = [...text.matchAll(/(?<![<\w])\d*<<(-?)(["']?)([A-Za-z_][\w.]*)\2/g)]
  const bodies: string[] = []
  let next = from
  for (const [, dash, , word] of marks) {
    const body: string[] = []
    const ends = (line: string) => (dash === '-' ? line.replace(/^\t+/, '') : line) === word
    while (next < lines.length && !ends(lines[next] ?? '')) body.push(lines[next++] ?? '')
    next += 1
    bodies.push(body.join('\n'))
  }
  return { bodies, next: Math.min(next, lines.length) }
}

function instruction(text: string): Omit<Instruction, 'heredocs' | 'line'> {
  const [, name = '', body = ''] = /^\s*(\S+)\s*([\s\S]*)$/.exec(text) ?? []
  const flags: [string, string][] = []
  let rest = body
  for (;;) {
    const flag = /^--([a-z-]+)(?:=("[^"]*"|\S*))?(?:\s+|$)/.exec(rest)
    if (flag === null) break
    flags.push([flag[1] ?? '', (flag[2] ?? '').replace(/^"(.*)"$/, '$1')])
    rest = rest.slice(flag[0].length)
  }
  return { name: name.toUpperCase(), flags, rest: rest.trim(), exec: execForm(rest.trim()) }
}

function execForm(rest: string): readonly string[] | null {
  if (!rest.startsWith('[')) return null
  try {
    const words: unknown = JSON.parse(rest)
    return Array.isArray(words) && words.every((word) => typeof word === 'string') ? words : null
  } catch {
    return null
  }
}
