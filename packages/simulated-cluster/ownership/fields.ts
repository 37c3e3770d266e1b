import { equal, isFields } from '../values/frozen.ts'
import { isKeyed, isSameItem, isWhole, stepOf } from './lists.ts'

/** A set of fields as `fieldsV1` writes it: `f:` a field, `k:` an item of a list, `.` the thing itself. */
export interface FieldSet {
  readonly [step: string]: FieldSet
}

const none: FieldSet = {}

/** The fields that an applied configuration sets: its leaves, and the items of its keyed lists. */
export function fieldsOf(value: unknown, field = ''): FieldSet {
  if (isFields(value) && !isWhole(field)) {
    const inner = Object.entries(value).filter(([, one]) => one !== undefined)
    return Object.fromEntries(inner.map(([key, one]) => [`f:${key}`, fieldsOf(one, key)]))
  }
  if (!Array.isArray(value) || value.length === 0 || !isKeyed(value, field)) return none
  return Object.fromEntries(
    value.map((item: unknown) => [
      stepOf(item, field),
      isFields(item) ? { '.': none, ...fieldsOf(item, `${field}[]`) } : none,
    ]),
  )
}

/** The fields in which `next` differs from `live`: `set` are those that it has, `lost` those that it has not any more. */
export function changesOf(live: unknown, next: unknown, field = ''): { set: FieldSet; lost: FieldSet } {
  const inner = childrenOf(live, next, field)
  if (inner === null) return { set: none, lost: none }
  const set: Record<string, FieldSet> = {}
  const lost: Record<string, FieldSet> = {}
  for (const [step, before, after, name] of inner) {
    if (equal(before, after)) continue
    if (after === undefined) lost[step] = none
    else if (before === undefined) set[step] = added(after, name)
    else {
      const changes = changesOf(before, after, name)
      const isLeaf = childrenOf(before, after, name) === null
      if (isLeaf || !isEmpty(changes.set)) set[step] = changes.set
      if (!isEmpty(changes.lost)) lost[step] = changes.lost
    }
  }
  return { set, lost }
}

// What an update adds is owned with the thing itself, other than what an apply sets.
function added(value: unknown, field: string): FieldSet {
  const inner = fieldsOf(value, field)
  return isEmpty(inner) || '.' in inner ? inner : { '.': none, ...inner }
}

type Child = readonly [step: string, before: unknown, after: unknown, field: string]

/** The parts of two values that are compared one by one; null where they are compared whole. */
function childrenOf(live: unknown, next: unknown, field: string): readonly Child[] | null {
  if (isFields(live) && isFields(next) && !isWhole(field)) {
    const keys = new Set([...Object.keys(live), ...Object.keys(next)])
    return [...keys].map((key) => [`f:${key}`, live[key], next[key], key])
  }
  if (!Array.isArray(live) || !Array.isArray(next) || !isKeyed(live, field) || !isKeyed(next, field))
    return null
  const gone = live.filter((item: unknown) => !next.some((one) => isSameItem(one, item, field)))
  return [
    ...next.map((item: unknown): Child => {
      const before: unknown = live.find((one) => isSameItem(one, item, field))
      return [stepOf(item, field), before, item, `${field}[]`]
    }),
    ...gone.map((item): Child => [stepOf(item, field), item, undefined, `${field}[]`]),
  ]
}

/** Both together. */
export function union(one: FieldSet, other: FieldSet): FieldSet {
  const result: Record<string, FieldSet> = { ...one }
  for (const [step, inner] of Object.entries(other)) result[step] = union(result[step] ?? none, inner)
  return result
}

/** `one` without the fields of `other`, and without what is beneath its leaves. */
export function minus(one: FieldSet, other: FieldSet): FieldSet {
  const result: Record<string, FieldSet> = {}
  for (const [step, inner] of Object.entries(one)) {
    const gone = other[step]
    if (gone === undefined) result[step] = inner
    else if (!isEmpty(gone)) {
      const rest = minus(inner, gone)
      const isLeft = Object.keys(rest).some((name) => name !== '.')
      if (isLeft) result[step] = rest
    }
  }
  return result
}

export const isEmpty = (set: FieldSet): boolean => Object.keys(set).length === 0
