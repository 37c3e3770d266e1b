import { equal, isFields } from '../values/frozen.ts'
import { fieldsOf, isEmpty, type FieldSet } from './fields.ts'
import { isKeyed, isSameItem, isWhole, stepOf } from './lists.ts'

export interface Claims {
  /** What this manager applied the last time. */
  readonly before: FieldSet
  /** What each of the other managers holds. */
  readonly others: readonly FieldSet[]
}

/** Server-side apply: fields of `applied` win, fields that only its manager owned before are removed, the rest stays. */
export function mergeApplied(live: unknown, applied: unknown, { before, others }: Claims): unknown {
  const dropped = minusItself(before, fieldsOf(applied))
  return merge(prune(live, { dropped, others }, ''), applied, '')
}

/** The fields of `applied` that `live` has otherwise: taken from their managers by force. */
export function conflicts(live: unknown, applied: unknown, field = ''): FieldSet {
  const result: Record<string, FieldSet> = {}
  if (isFields(live) && isFields(applied) && !isWhole(field)) {
    for (const [key, value] of Object.entries(applied)) add(result, `f:${key}`, [live[key], value], key)
  } else if (isLists(live, applied, field)) {
    for (const item of applied as readonly unknown[]) {
      const found = (live as readonly unknown[]).find((one) => isSameItem(one, item, field))
      add(result, stepOf(item, field), [found, item], `${field}[]`)
    }
  }
  return result
}

function add(
  result: Record<string, FieldSet>,
  step: string,
  [live, applied]: readonly [unknown, unknown],
  field: string,
): void {
  if (live === undefined || equal(live, applied)) return
  const isBranch = (isFields(live) && isFields(applied) && !isWhole(field)) || isLists(live, applied, field)
  const inner = conflicts(live, applied, field)
  if (!isBranch || !isEmpty(inner)) result[step] = inner
}

function isLists(live: unknown, applied: unknown, field: string): boolean {
  return Array.isArray(live) && Array.isArray(applied) && isKeyed(live, field) && isKeyed(applied, field)
}

function merge(live: unknown, applied: unknown, field: string): unknown {
  if (equal(live, applied)) return live
  if (isFields(live) && isFields(applied) && !isWhole(field)) {
    const result: Record<string, unknown> = { ...live }
    for (const [key, value] of Object.entries(applied)) {
      if (value !== undefined) result[key] = merge(live[key], value, key)
    }
    return result
  }
  return isLists(live, applied, field)
    ? mergeLists(live as readonly unknown[], applied as readonly unknown[], field)
    : applied
}

function mergeLists(live: readonly unknown[], applied: readonly unknown[], field: string): unknown[] {
  const result = [...live]
  for (const item of applied) {
    const index = result.findIndex((one) => isSameItem(one, item, field))
    if (index < 0) result.push(item)
    else result[index] = merge(result[index], item, `${field}[]`)
  }
  return result
}

interface Dropping {
  readonly dropped: FieldSet
  readonly others: readonly FieldSet[]
}

function prune(live: unknown, { dropped, others }: Dropping, field: string): unknown {
  if (isEmpty(dropped)) return live
  const kept = (value: unknown, step: string, name: string): unknown => {
    const inner = dropped[step]
    if (inner === undefined) return value
    const held = others.flatMap((one) => one[step] ?? [])
    // A leaf, or a whole item: it is removed, unless another manager owns it or a part of it.
    if (isEmpty(inner) || '.' in inner) {
      if (held.length === 0) return undefined
      if (isEmpty(inner)) return value
    }
    const rest = prune(value, { dropped: inner, others: held }, name)
    const isEmptied = typeof rest === 'object' && rest !== null && Object.keys(rest).length === 0
    return isEmptied ? undefined : rest
  }
  if (isFields(live)) {
    const inner = Object.entries(live).map(([key, value]) => [key, kept(value, `f:${key}`, key)] as const)
    return Object.fromEntries(inner.filter(([, value]) => value !== undefined))
  }
  if (!Array.isArray(live) || !isKeyed(live, field)) return live
  return live
    .map((item: unknown) => kept(item, stepOf(item, field), `${field}[]`))
    .filter((item) => item !== undefined)
}

/** What was held and is not any more. Other than `minus`, an item that stays keeps its `.`. */
function minusItself(before: FieldSet, now: FieldSet): FieldSet {
  const result: Record<string, FieldSet> = {}
  for (const [step, inner] of Object.entries(before)) {
    const still = now[step]
    if (still === undefined) result[step] = inner
    else {
      const rest = minusItself(inner, still)
      if (!isEmpty(rest)) result[step] = rest
    }
  }
  return result
}
