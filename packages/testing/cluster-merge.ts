import { equal } from './cluster-patch.ts'

type Fields = Record<string, unknown>

// Lists that the API server merges item by item under server-side apply; every other list is replaced whole.
const listKeys: Readonly<Record<string, readonly string[]>> = {
  containers: ['name'],
  initContainers: ['name'],
  env: ['name'],
  volumes: ['name'],
  volumeMounts: ['mountPath'],
  ports: ['containerPort', 'port', 'protocol'],
  listeners: ['name'],
  conditions: ['type'],
}

/** Server-side apply, near enough: what `applied` says wins, what it said `before` and no longer says goes, the rest stays. */
export function mergeApplied(live: unknown, claims: Claims): unknown {
  return merge(prune(live, claims, ''), claims.applied, '')
}

export interface Claims {
  /** What this manager applied the last time. */
  readonly before: unknown
  readonly applied: unknown
  /** What the other managers hold. */
  readonly others: readonly unknown[]
}

function merge(live: unknown, applied: unknown, field: string): unknown {
  if (isFields(live) && isFields(applied)) {
    const result: Fields = { ...live }
    for (const [key, value] of Object.entries(applied)) result[key] = merge(live[key], value, key)
    return result
  }
  if (Array.isArray(live) && Array.isArray(applied) && keyed(applied, field))
    return mergeLists(live, applied, field)
  return structuredClone(applied)
}

function mergeLists(live: readonly unknown[], applied: readonly unknown[], field: string): unknown[] {
  const result = [...live]
  for (const item of applied) {
    const index = result.findIndex((one) => sameItem(one, item, field))
    if (index < 0) result.push(structuredClone(item))
    else result[index] = merge(result[index], item, field)
  }
  return result
}

/** `live` without what this manager owned before, no longer applies, and nobody else applied. */
function prune(live: unknown, claims: Claims, field: string): unknown {
  if (isFields(live) && isFields(claims.before)) {
    const result: Fields = {}
    for (const [key, value] of Object.entries(live)) {
      const inner = claimsOn(claims, (one) => (isFields(one) ? one[key] : undefined))
      if (!isDropped(inner)) result[key] = prune(value, inner, key)
    }
    return result
  }
  if (!Array.isArray(live) || !Array.isArray(claims.before) || !keyed(claims.before, field)) return live
  return live.flatMap((item: unknown) => {
    const find = (one: unknown) =>
      Array.isArray(one) ? one.find((other) => sameItem(other, item, field)) : undefined
    const inner = claimsOn(claims, find)
    return isDropped(inner) ? [] : [prune(item, inner, field)]
  })
}

const claimsOn = (claims: Claims, pick: (one: unknown) => unknown): Claims => ({
  before: pick(claims.before),
  applied: pick(claims.applied),
  others: claims.others.map(pick),
})

const isDropped = ({ before, applied, others }: Claims): boolean =>
  before !== undefined && applied === undefined && others.every((one) => one === undefined)

function keyed(items: readonly unknown[], field: string): boolean {
  return listKeys[field] !== undefined && items.every(isFields)
}

function sameItem(left: unknown, right: unknown, field: string): boolean {
  if (!isFields(left) || !isFields(right)) return false
  return (listKeys[field] ?? []).every((key) => equal(withDefault(left, key), withDefault(right, key)))
}

const withDefault = (item: Fields, key: string) => item[key] ?? (key === 'protocol' ? 'TCP' : undefined)

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
