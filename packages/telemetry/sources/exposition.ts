import { Failure } from '@alt-las/failure'
import type { Labels } from '../series/series.ts'

export interface Exposed {
  /** With `__name__`. */
  readonly labels: Labels
  readonly value: number
  /** Time stamp in ms since 1970, where the sample has one. */
  readonly at?: number
}

/**
 * Prometheus' text format 0.0.4 and the additions of OpenMetrics (exemplars, `# EOF`): every sample with its labels.
 * Throws Failure `metrics-unreadable` that names the first line that is not a sample.
 */
export function parseExposition(text: string): readonly Exposed[] {
  const samples: Exposed[] = []
  let number = 0
  for (let from = 0; from < text.length; number += 1) {
    const next = text.indexOf('\n', from)
    const end = next === -1 ? text.length : next
    // The pattern of a label takes stack for each of its characters.
    if (end - from > longestLine) throw refused(`line ${number + 1} has more than ${longestLine} characters`)
    const line = text.slice(from, end).trim()
    if (line !== '' && !line.startsWith('#')) samples.push(parseLine(line, number + 1))
    if (samples.length > mostSamples) throw refused(`it exposes more than ${mostSamples} samples`)
    from = end + 1
  }
  return samples
}

const longestLine = 64 * 1024
/** The largest gateways expose some ten thousand. */
const mostSamples = 200_000

const value = /^\s*(\S+)(?:\s+(-?[\d.eE+]+))?(?:\s+#.*)?$/

function parseLine(line: string, number: number): Exposed {
  const [, name = ''] = /^([a-zA-Z_:][\w:]*)/.exec(line) ?? []
  const labels: Record<string, string> = { __name__: name }
  let rest = line.slice(name.length).trimStart()
  if (name !== '' && rest.startsWith('{')) {
    const end = readLabels(rest, labels)
    if (end === null) throw unreadable(line, number)
    rest = rest.slice(end)
  }
  const [, written = '', time = ''] = value.exec(rest) ?? []
  const parsed = parseValue(written)
  if (name === '' || parsed === null) throw unreadable(line, number)
  const at = Number(time)
  return { labels, value: parsed, ...(time === '' || Number.isNaN(at) ? {} : { at }) }
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

/** A map, since an object has names of its own, such as `__proto__`. */
const special: ReadonlyMap<string, number> = new Map([
  ['+Inf', Infinity],
  ['-Inf', -Infinity],
  ['Inf', Infinity],
  ['NaN', NaN],
  ['nan', NaN],
])

function parseValue(text: string): number | null {
  const known = special.get(text)
  if (known !== undefined) return known
  const number = text === '' ? NaN : Number(text)
  return Number.isNaN(number) ? null : number
}

const unreadable = (line: string, number: number) =>
  refused(
    `line ${number} is ${JSON.stringify(line.slice(0, 80))}, expected a sample such as requests_total{code="200"} 17`,
  )

const refused = (what: string) =>
  new Failure('metrics-unreadable', `this is not a metrics endpoint: ${what}`, {
    fault: 'input',
    hint: 'give in metrics-url with scrape+ the address of the exposition, often with the path /metrics',
  })
