import { Failure } from '@alt-las/failure'
import type { JsonPatch } from '@alt-las/kubernetes'
import { equal, isFields } from '../values/frozen.ts'

/**
 * RFC 6902; parts that no operation touches are shared with `document`. The API server answers a failed `test` and a path that leads
 * nowhere alike; like the real client, this takes either for a conflict where the patch holds a `test`.
 */
export function applyJsonPatch<T>(document: T, operations: readonly JsonPatch[]): T {
  try {
    return operations.reduce<unknown>((at, one) => changed(at, keysOf(one), one), document) as T
  } catch (error) {
    const swap = operations.some(({ op }) => op === 'test')
    if (!swap || !(error instanceof Failure)) throw error
    throw new Failure('conflict', error.message, { fault: 'outside' })
  }
}

const keysOf = ({ path }: JsonPatch): readonly string[] =>
  path
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))

function changed(node: unknown, [key, ...rest]: readonly string[], operation: JsonPatch): unknown {
  if (key === undefined) throw nowhere(operation)
  if (rest.length === 0) return changedHere(node, key, operation)
  const inner = step(node, key)
  if (inner === undefined) throw nowhere(operation)
  const next = changed(inner, rest, operation)
  if (next === inner) return node
  return Array.isArray(node) ? node.with(Number(key), next) : { ...(node as object), [key]: next }
}

function changedHere(node: unknown, key: string, operation: JsonPatch): unknown {
  const found = step(node, key)
  if (operation.op === 'test') {
    if (!equal(found, operation.value)) throw testFailed(operation)
    return node
  }
  if (operation.op !== 'add' && found === undefined) throw nowhere(operation)
  if (Array.isArray(node)) return changedList(node, key, operation)
  if (!isFields(node)) throw nowhere(operation)
  if (operation.op !== 'remove') return { ...node, [key]: operation.value }
  return Object.fromEntries(Object.entries(node).filter(([name]) => name !== key))
}

type Change = Exclude<JsonPatch, { op: 'test' }>

function changedList(list: readonly unknown[], key: string, operation: Change): readonly unknown[] {
  const index = key === '-' ? list.length : Number(key)
  if (!Number.isInteger(index) || index < 0 || index > list.length) throw nowhere(operation)
  if (operation.op === 'remove') return list.toSpliced(index, 1)
  return list.toSpliced(index, operation.op === 'replace' ? 1 : 0, operation.value)
}

function step(at: unknown, key: string): unknown {
  if (Array.isArray(at)) return at[Number(key)]
  return isFields(at) ? at[key] : undefined
}

const testFailed = ({ path }: JsonPatch) =>
  new Failure('invalid', `testing value ${path} failed: the object was changed by another`, {
    fault: 'outside',
  })

const nowhere = ({ op, path }: JsonPatch) =>
  new Failure('invalid', `${op} ${path}: the path does not exist`, { fault: 'input' })
