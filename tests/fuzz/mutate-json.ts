import fc from 'fast-check'
import { mutatedTexts } from './mutate-text.ts'
import { oddKeys, oddValue } from './odd.ts'

type Change =
  | { readonly kind: 'drop' | 'repeat' | 'swap' }
  | { readonly kind: 'retype'; readonly value: unknown }
  | { readonly kind: 'rename' | 'add'; readonly key: string }
  | { readonly kind: 'nest'; readonly levels: number }

interface Step {
  readonly at: number
  readonly to: number
  readonly change: Change
}

/** Valid documents with fields dropped, repeated, retyped, renamed, swapped and nested. */
export function mutatedJson(documents: readonly unknown[]): fc.Arbitrary<unknown> {
  const change: fc.Arbitrary<Change> = fc.oneof(
    { weight: 5, arbitrary: fc.record({ kind: fc.constant('retype' as const), value: oddValue }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('drop', 'repeat', 'swap') }) },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constantFrom('rename', 'add'), key: fc.constantFrom(...oddKeys) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('nest' as const), levels: fc.constantFrom(1, 3, 1200) }),
    },
  )
  const step = fc.record({ at: fc.nat(10_000), to: fc.nat(10_000), change })
  return fc
    .tuple(fc.constantFrom(...documents), fc.array(step, { maxLength: 5 }))
    .map(([document, steps]) => {
      const { root } = steps.reduce(applied, { root: structuredClone(document) })
      return (JSON.stringify(root) ?? '').length > longestText ? document : root
    })
}

/** Repeated lists within lists grow beyond the limit of any reader, and JSON.parse alone takes 28 bytes for each bracket. */
const longestText = 1024 * 1024

/** The same as text; now and then the text itself is cut, repeated or mixed with other characters. */
export function mutatedJsonText(documents: readonly unknown[]): fc.Arbitrary<string> {
  const texts = documents.map((one) => JSON.stringify(one))
  return fc.oneof(
    { weight: 9, arbitrary: mutatedJson(documents).map((one) => JSON.stringify(one) ?? '') },
    {
      weight: 1,
      arbitrary: mutatedTexts(texts, ['{', '}', '[', ']', ',', ':', '"', 'null', '1e999', '\\u']),
    },
  )
}

interface Rooted {
  readonly root: unknown
}

type Place = readonly [holder: Record<string, unknown>, key: string]

function applied(rooted: Rooted, { at, to, change }: Step): Rooted {
  const places = placesIn(rooted)
  const [holder, key] = places[at % places.length] ?? [rooted as unknown as Record<string, unknown>, 'root']
  const value = holder[key]
  switch (change.kind) {
    case 'drop':
      if (Array.isArray(holder)) holder.splice(Number(key), 1)
      else if (holder !== (rooted as unknown)) Reflect.deleteProperty(holder, key)
      break
    case 'repeat':
      if (Array.isArray(holder)) holder.splice(Number(key), 0, ...Array<unknown>(1 + (to % 40)).fill(value))
      else put(holder, `${key}2`, value)
      break
    case 'swap': {
      const [other, otherKey] = places[to % places.length] ?? [holder, key]
      put(holder, key, copied(other[otherKey]))
      break
    }
    case 'retype':
      put(holder, key, copied(change.value))
      break
    case 'rename':
      if (Array.isArray(holder) || holder === (rooted as unknown)) break
      Reflect.deleteProperty(holder, key)
      put(holder, change.key, value)
      break
    case 'add':
      if (typeof value === 'object' && value !== null && !Array.isArray(value))
        put(value as Record<string, unknown>, change.key, key)
      break
    case 'nest':
      put(holder, key, nested(value, change.levels, to % 2 === 0))
  }
  return rooted
}

function placesIn(rooted: Rooted): readonly Place[] {
  const places: Place[] = []
  const walk = (holder: Record<string, unknown>, level: number): void => {
    for (const [key, value] of Object.entries(holder)) {
      places.push([holder, key])
      if (typeof value === 'object' && value !== null && level < 40 && places.length < 5000)
        walk(value as Record<string, unknown>, level + 1)
    }
  }
  walk(rooted as unknown as Record<string, unknown>, 0)
  return places
}

/** A part may be put within itself; null where it nests too deep for a copy. */
function copied(value: unknown): unknown {
  try {
    return structuredClone(value)
  } catch {
    return null
  }
}

/** Also under `__proto__`, as a key of its own. */
function put(holder: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true })
}

function nested(value: unknown, levels: number, asList: boolean): unknown {
  let outer = value
  for (let level = 0; level < levels; level += 1) outer = asList ? [outer] : { a: outer }
  return outer
}
