import type { KubeObject } from '@alt-las/kubernetes'

/** Label selectors as the API server reads them: `a=b`, `a!=b`, `a in (b, c)`, `a notin (b)`, `a`, `!a`, joined by commas. */
export function matchesLabels(object: KubeObject, selector: string | undefined): boolean {
  const labels = object.metadata.labels ?? {}
  return terms(selector).every((term) => {
    const set = /^(\S+) (in|notin) \(([^)]*)\)$/.exec(term)
    if (set !== null) {
      const values = (set[3] ?? '').split(',').map((one) => one.trim())
      return values.includes(labels[set[1] ?? ''] ?? '\0') === (set[2] === 'in')
    }
    const [key = '', value] = term.split(/!=|==|=/)
    if (term.includes('!=')) return labels[key.trim()] !== value?.trim()
    if (value !== undefined) return labels[key.trim()] === value.trim()
    return term.startsWith('!') ? labels[term.slice(1)] === undefined : labels[term] !== undefined
  })
}

/** `a.b=c` and `a.b!=c` on the object's own fields. */
export function matchesFields(object: KubeObject, selector: string | undefined): boolean {
  return terms(selector).every((term) => {
    const [path = '', value = ''] = term.split(/!=|==|=/)
    const found = path
      .split('.')
      .reduce<unknown>(
        (at, key) =>
          typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[key] : undefined,
        object,
      )
    return (String(found ?? '') === value) !== term.includes('!=')
  })
}

function terms(selector: string | undefined): readonly string[] {
  return (selector ?? '')
    .split(/,(?![^(]*\))/)
    .map((term) => term.trim())
    .filter((term) => term !== '')
}
