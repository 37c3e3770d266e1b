import { Failure } from '@alt-las/failure'
import type { JsonPatch } from '@alt-las/kubernetes'

type Json = Record<string, unknown> | unknown[]

/**
 * RFC 6902 on a copy. The API server answers a failed `test` and a path that leads nowhere alike; like the real client, this takes either
 * for a conflict where the patch holds a `test`.
 */
export function applyJsonPatch<T>(document: T, operations: readonly JsonPatch[]): T {
  const copy = structuredClone(document)
  try {
    for (const operation of operations) applyOne(copy as unknown, operation)
  } catch (error) {
    const swap = operations.some(({ op }) => op === 'test')
    if (!swap || !(error instanceof Failure)) throw error
    throw new Failure('conflict', error.message, { fault: 'outside' })
  }
  return copy
}

function applyOne(document: unknown, operation: JsonPatch): void {
  const keys = operation.path
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
  const last = keys.pop()
  if (last === undefined) throw invalid(operation)
  const parent = keys.reduce<unknown>((at, key) => step(at, key), document)
  if (typeof parent !== 'object' || parent === null) throw invalid(operation)
  if (operation.op === 'test') {
    if (!equal(step(parent, last), operation.value)) throw testFailed(operation)
    return
  }
  change(parent as Json, last, operation)
}

function change(parent: Json, key: string, operation: Exclude<JsonPatch, { op: 'test' }>): void {
  const exists = step(parent, key) !== undefined
  if (operation.op !== 'add' && !exists) throw invalid(operation)
  if (Array.isArray(parent)) {
    const index = key === '-' ? parent.length : Number(key)
    if (!Number.isInteger(index) || index < 0 || index > parent.length) throw invalid(operation)
    if (operation.op === 'remove') parent.splice(index, 1)
    else parent.splice(index, operation.op === 'replace' ? 1 : 0, structuredClone(operation.value))
    return
  }
  if (operation.op === 'remove') delete parent[key]
  else parent[key] = structuredClone(operation.value)
}

function step(at: unknown, key: string): unknown {
  if (Array.isArray(at)) return at[Number(key)]
  return typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[key] : undefined
}

/** Equality of JSON values, whatever the order of keys. */
export function equal(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false
  if (Array.isArray(left) !== Array.isArray(right)) return false
  const keys = new Set([...Object.keys(left), ...Object.keys(right)])
  return [...keys].every((key) => equal(step(left, key), step(right, key)))
}

const testFailed = (operation: JsonPatch) =>
  new Failure('invalid', `testing value ${operation.path} failed: the object was changed by another`, {
    fault: 'outside',
  })
const invalid = (operation: JsonPatch) =>
  new Failure('invalid', `${operation.op} ${operation.path}: the path does not exist`, { fault: 'ours' })
