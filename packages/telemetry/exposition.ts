import { Failure } from '@alt-las/failure'
import type { Labels } from './series.ts'

export interface Exposed {
  /** With `__name__`. */
  readonly labels: Labels
  readonly value: number
}

/**
 * Prometheus' text format 0.0.4 and the additions of OpenMetrics (exemplars, `# EOF`): every sample with its labels, without time stamps.
 * Throws Failure `metrics-unreadable` that names the first line that is not a sample.
 */
export function parseExposition(text: string): readonly Exposed[] {
  const samples: Exposed[] = []
  for (const [number, line] of text.split('\n').entries()) {
    const trimmed = line.trim()
    if (trimmed === '' || trimmed.startsWith('#')) continue
    samples.push(parseLine(trimmed, number + 1))
  }
  return samples
}

const value = /^\s*(\S+)(?:\s+-?[\d.eE+]+)?(?:\s+#.*)?$/

function parseLine(line: string, number: number): Exposed {
  const [, name = ''] = /^([a-zA-Z_:][\w:]*)/.exec(line) ?? []
  const labels: Record<string, string> = { __name__: name }
  let rest = line.slice(name.length).trimStart()
  if (name !== '' && rest.startsWith('{')) {
    const end = readLabels(rest, labels)
    if (end === null) throw unreadable(line, number)
    rest = rest.slice(end)
  }
  const parsed = parseValue(value.exec(rest)?.[1] ?? '')
  if (name === '' || parsed === null) throw unreadable(line, number)
  return { labels, value: parsed }
}

/** Adds the labels between the braces; returns the position after them, or null for other text. */
function readLabels(text: string, labels: Record<string, string>): number | null {
  const one = /\s*([a-zA-Z_]\w*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*(,|(?=\}))/y
  const end = /\s*\}/y
  let at = 1
  for (;;) {
    end.lastIndex = at
    const close = end.exec(text)
    if (close !== null) return at + close[0].length
    one.lastIndex = at
    const [whole, name = '', quoted = ''] = one.exec(text) ?? []
    if (whole === undefined) return null
    labels[name] = quoted.replace(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char))
    at += whole.length
  }
}

function parseValue(text: string): number | null {
  const special = { '+Inf': Infinity, '-Inf': -Infinity, Inf: Infinity, NaN, nan: NaN }[text]
  if (special !== undefined) return special
  const number = text === '' ? NaN : Number(text)
  return Number.isNaN(number) ? null : number
}

const unreadable = (line: string, number: number) =>
  new Failure(
    'metrics-unreadable',
    `this is not a metrics endpoint: line ${number} is ${JSON.stringify(line.slice(0, 80))}, expected a sample such as requests_total{code="200"} 17`,
    {
      fault: 'input',
      hint: 'give in metrics-url with scrape+ the address of the exposition, often with the path /metrics',
    },
  )
