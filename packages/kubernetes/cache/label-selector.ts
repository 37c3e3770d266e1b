import type { KubeObject } from '../types/objects.ts'

/** Label selectors as the API server reads them: `a=b`, `a!=b`, `a in (b, c)`, `a notin (b)`, `a`, `!a`, joined by commas. */
export function isSelected({ metadata }: KubeObject, selector: string | undefined): boolean {
  const labels = metadata.labels ?? {}
  return terms(selector).every((term) => holds(term, labels))
}

/** Whether all that `narrow` selects is surely selected by `wide` too. */
export function isNarrower(narrow: string | undefined, wide: string | undefined): boolean {
  const given = new Set(terms(narrow))
  return terms(wide).every((term) => given.has(term))
}

function holds(term: string, labels: Readonly<Record<string, string>>): boolean {
  const set = /^(\S+) (in|notin) \((.*)\)$/.exec(term)
  if (set !== null) {
    const [, key = '', operator, values = ''] = set
    const value = labels[key]
    const listed = value !== undefined && values.split(',').includes(value)
    return listed === (operator === 'in')
  }
  const [key = '', value] = term.split(/!=|=/)
  if (term.includes('!=')) return labels[key] !== value
  if (value !== undefined) return labels[key] === value
  return term.startsWith('!') ? labels[term.slice(1)] === undefined : labels[term] !== undefined
}

/** Each in one spelling, so that terms can be compared. */
function terms(selector: string | undefined): readonly string[] {
  return (selector ?? '')
    .split(/,(?![^(]*\))/)
    .map((term) => term.trim())
    .filter((term) => term !== '')
    .map((term) => {
      const set = /^(\S+)\s+(in|notin)\s*\(([^)]*)\)$/.exec(term)
      if (set === null) return term.replace(/\s*(!=|==|=)\s*/, (_, sign: string) => sign.replace('==', '='))
      const [, key = '', operator = '', values = ''] = set
      const sorted = values
        .split(',')
        .map((one) => one.trim())
        .sort()
      return `${key} ${operator} (${sorted.join(',')})`
    })
}
