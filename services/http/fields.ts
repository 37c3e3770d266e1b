import { problem, type Reply } from './reply.ts'

/** Reads the fields of a body; every fault is collected, so that a caller hears of all of them at once. */
export interface Fields {
  text(name: string, limits: { readonly max: number; readonly fallback?: string }): string
  whole(
    name: string,
    limits: { readonly min: number; readonly max: number; readonly fallback: number },
  ): number
  texts(name: string, limits: { readonly max: number; readonly each: number }): readonly string[]
}

export type Checked<T> =
  { readonly kind: 'ok'; readonly value: T } | { readonly kind: 'refused'; readonly reply: Reply }

/** Runs `read` over the fields and answers its value, or a 400 that lists every fault. */
export function checked<T>(
  fields: Readonly<Record<string, unknown>>,
  read: (fields: Fields) => T,
): Checked<T> {
  const faults: string[] = []
  const fault = <V>(name: string, expected: string, instead: V): V => {
    faults.push(`${name}: got ${shown(fields[name])}, expected ${expected}`)
    return instead
  }
  const value = read({
    text(name, { max, fallback }) {
      const given = fields[name] ?? fallback
      const right = typeof given === 'string' && given.length <= max && (given !== '' || fallback === '')
      return right ? given : fault(name, `a text of 1 to ${max} characters`, '')
    },
    whole(name, { min, max, fallback }) {
      const given = fields[name] ?? fallback
      const right = typeof given === 'number' && Number.isInteger(given) && given >= min && given <= max
      return right ? given : fault(name, `a whole number from ${min} to ${max}`, fallback)
    },
    texts(name, { max, each }) {
      const given = fields[name] ?? []
      const right = Array.isArray(given) && given.length <= max && given.every((one) => isShort(one, each))
      return right ? (given as string[]) : fault(name, `at most ${max} texts of 1 to ${each} characters`, [])
    },
  })
  return faults.length === 0
    ? { kind: 'ok', value }
    : { kind: 'refused', reply: problem(400, faults.join('; ')) }
}

function isShort(value: unknown, max: number): boolean {
  return typeof value === 'string' && value !== '' && value.length <= max
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing'
  const text = JSON.stringify(value)
  return text.length > 40 ? `${typeof value} of ${text.length} characters` : text
}
