import type { KubeObject } from '@alt-las/kubernetes'

export type Fits = (object: KubeObject) => boolean

/** Label selectors as the API server reads them: `a=b`, `a!=b`, `a in (b, c)`, `a notin (b)`, `a`, `!a`, joined by commas. */
export function labelsFit(selector: string | undefined): Fits {
  const tests = terms(selector).map(labelTest)
  return ({ metadata }) => tests.every((one) => one(metadata.labels ?? {}))
}

type Labels = Readonly<Record<string, string>>

function labelTest(term: string): (labels: Labels) => boolean {
  const set = /^(\S+) (in|notin) \(([^)]*)\)$/.exec(term)
  if (set !== null) {
    const [, key = '', operator, list = ''] = set
    const values = list.split(',').map((one) => one.trim())
    return (labels) => values.includes(labels[key] ?? '\0') === (operator === 'in')
  }
  const [left = '', right] = term.split(/!=|==|=/)
  const key = left.trim()
  const value = right?.trim()
  if (term.includes('!=')) return (labels) => labels[key] !== value
  if (value !== undefined) return (labels) => labels[key] === value
  return term.startsWith('!')
    ? (labels) => labels[term.slice(1)] === undefined
    : (labels) => labels[term] !== undefined
}

/** `a.b=c` and `a.b!=c` on the object's own fields. */
export function fieldsFit(selector: string | undefined): Fits {
  const tests = terms(selector).map((term) => {
    const [path = '', value = ''] = term.split(/!=|==|=/)
    const keys = path.split('.')
    const wanted = !term.includes('!=')
    return (object: KubeObject) => (textAt(object, keys) === value) === wanted
  })
  return (object) => tests.every((one) => one(object))
}

function textAt(object: KubeObject, keys: readonly string[]): string {
  const found = keys.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[key] : undefined),
    object,
  )
  return typeof found === 'object' ? '' : String((found ?? '') as string | number | boolean)
}

function terms(selector: string | undefined): readonly string[] {
  if (selector === undefined || selector === '') return []
  return selector
    .split(/,(?![^(]*\))/)
    .map((term) => term.trim())
    .filter((term) => term !== '')
}
