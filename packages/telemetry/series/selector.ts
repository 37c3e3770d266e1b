/** The condition for a label; a text must be equal. */
export type Matcher =
  string | { readonly not: string } | { readonly like: string } | { readonly notLike: string }

/** `metric{label="value"}`; Prometheus' regular expressions always match the whole value. */
export function selector(metric: string, labels: Readonly<Record<string, Matcher>>): string {
  const inner = Object.entries(labels).map(([name, matcher]) => {
    if (typeof matcher === 'string') return `${name}=${quoted(matcher)}`
    if ('not' in matcher) return `${name}!=${quoted(matcher.not)}`
    if ('like' in matcher) return `${name}=~${quoted(matcher.like)}`
    return `${name}!~${quoted(matcher.notLike)}`
  })
  return `${metric}{${inner.join(',')}}`
}

/** Regular expression for exactly these texts. */
export const oneOf = (texts: readonly string[]): string =>
  texts.map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')

const quoted = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
