import type { Labels } from './series.ts'

/** A parsed PromQL selector that matches labels. */
export interface Selection {
  readonly metric: string
  fits(labels: Labels): boolean
}

/** Reads `metric{label="…", …}` with the four operators of PromQL; null for other text. */
export function parseSelector(text: string): Selection | null {
  const [, metric, inner] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?$/s.exec(text.trim()) ?? []
  if (metric === undefined) return null
  const tests: ((labels: Labels) => boolean)[] = []
  let rest = (inner ?? '').trim()
  while (rest !== '') {
    const [whole, name = '', operator = '', quoted = ''] =
      /^(\w+)\s*(=~|!~|!=|=)\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*(?:,\s*|$)/s.exec(rest) ?? []
    if (whole === undefined) return null
    tests.push(matcher(name, operator, unquoted(quoted)))
    rest = rest.slice(whole.length)
  }
  return {
    metric,
    fits: (labels) => labels['__name__'] === metric && tests.every((test) => test(labels)),
  }
}

/** An absent label counts as empty. */
function matcher(name: string, operator: string, value: string): (labels: Labels) => boolean {
  if (operator === '=') return (labels) => (labels[name] ?? '') === value
  if (operator === '!=') return (labels) => (labels[name] ?? '') !== value
  const whole = new RegExp(`^(?:${value})$`, 's')
  return operator === '=~'
    ? (labels) => whole.test(labels[name] ?? '')
    : (labels) => !whole.test(labels[name] ?? '')
}

const unquoted = (text: string): string =>
  text.slice(1, -1).replace(/\\(.)/gs, (_, char: string) => (char === 'n' ? '\n' : char))
