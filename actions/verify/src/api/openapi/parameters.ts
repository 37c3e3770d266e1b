import { asRecord } from '@alt-las/outcome'
import { follow, type Json, type OpenapiDocument } from './document.ts'

export interface Parameter {
  readonly name: string
  readonly in: string
  readonly isRequired: boolean
  readonly value: ParameterValue
}

/** `example`: the document names it. `invented`: it fits the schema as far as that is simple, and what it leads to need not exist. */
export type ParameterValue =
  { readonly kind: 'example' | 'invented'; readonly text: string } | { readonly kind: 'none' }

/** The parameters of an operation; its own go before those of its path. null where a reference leads nowhere. */
export function parametersOf(
  document: OpenapiDocument,
  lists: readonly unknown[],
): readonly Parameter[] | null {
  const merged = new Map<string, Parameter>()
  for (const listed of lists.flatMap((list) => (Array.isArray(list) ? (list as unknown[]) : []))) {
    const found = follow(document, listed)
    if (found.kind === 'missing') return null
    const raw = asRecord(found.value)
    const { name, in: place, required } = raw
    if (typeof name !== 'string' || typeof place !== 'string') continue
    const isRequired = required === true || place === 'path'
    merged.set(`${place} ${name}`, { name, in: place, isRequired, value: valueOf(document, raw) })
  }
  return [...merged.values()]
}

const none: ParameterValue = { kind: 'none' }

function valueOf(document: OpenapiDocument, raw: Json): ParameterValue {
  const [named] = Object.values(asRecord(raw['examples']))
  const followed = follow(document, named)
  const first = followed.kind === 'found' ? asRecord(followed.value)['value'] : undefined
  const schema = follow(document, raw['schema'])
  if (schema.kind === 'missing') return none
  const own = asRecord(schema.value)
  const listed = [own['examples'], own['enum']].map((list) =>
    Array.isArray(list) ? (list as unknown[])[0] : undefined,
  )
  const known = [raw['example'], first, own['example'], listed[0], own['default'], own['const'], listed[1]]
  const example = known.find((value) => value !== undefined && value !== null)
  if (example !== undefined) return scalar('example', example)
  return scalar('invented', invented(own))
}

/** Lists and objects have styles of their own, which are not written. */
function scalar(kind: 'example' | 'invented', value: unknown): ParameterValue {
  const isScalar = ['string', 'number', 'bigint', 'boolean'].includes(typeof value)
  return isScalar && value !== '' ? { kind, text: String(value) } : none
}

const formats: Readonly<Record<string, string>> = {
  uuid: '00000000-0000-4000-8000-000000000000',
  date: '2026-01-01',
  'date-time': '2026-01-01T00:00:00Z',
}

const mostCharacters = 256

function invented({ type, format, pattern, minLength, minimum }: Json): unknown {
  if (type === 'boolean') return true
  if (type === 'integer' || type === 'number') return typeof minimum === 'number' ? Math.ceil(minimum) + 1 : 1
  if (type !== 'string' || pattern !== undefined) return undefined
  if (typeof format === 'string') return Object.hasOwn(formats, format) ? formats[format] : undefined
  return 'a'.repeat(Math.min(mostCharacters, Math.max(1, typeof minLength === 'number' ? minLength : 1)))
}
