// Server-side apply: who manages which fields, and how applied and live objects merge.
import type { KubeObject } from '@alt-las/kubernetes'
import { changesOf, fieldsOf, isEmpty, minus, union, type FieldSet } from './fields.ts'
import { equal, isFields } from '../values/frozen.ts'
import { conflicts, mergeApplied } from './merge.ts'

/** One entry of `metadata.managedFields`, without its unused time. */
interface Managed {
  readonly manager: string
  readonly operation: 'Apply' | 'Update'
  readonly apiVersion: string
  readonly fieldsType: 'FieldsV1'
  readonly fieldsV1: FieldSet
}

/** What `manager` applies, merged into `live`, and who then holds what. */
export function applied(live: KubeObject | undefined, object: KubeObject, manager: string): KubeObject {
  const entries = ownersOf(live)
  const own = entries.find((one) => one.operation === 'Apply' && one.manager === manager)
  const rest = entries.filter((one) => one !== own)
  const wanted = claimable(object)
  const before = own?.fieldsV1 ?? {}
  const merged = mergeApplied(live ?? {}, wanted, { before, others: rest.map((one) => one.fieldsV1) })
  const taken = live === undefined ? {} : conflicts(live, wanted)
  const left = rest.map((one) => ({ ...one, fieldsV1: minus(one.fieldsV1, taken) }))
  const mine = entry(manager, 'Apply', object, fieldsOf(wanted))
  const { apiVersion, kind, metadata } = object
  const whole = { apiVersion, kind, ...(merged as object) } as KubeObject
  const place = metadata.namespace === undefined ? {} : { namespace: metadata.namespace }
  const named = { ...whole.metadata, name: metadata.name, ...place }
  return { ...whole, metadata: managedBy(named, [mine, ...left]) }
}

/**
 * `next`, with the fields changed since `live` owned by `manager` alone; null: by no manager. If no manager owns any field, the API
 * server does not begin to count with an update.
 */
export function updated(live: KubeObject, next: KubeObject, manager: string | null): KubeObject {
  const isRewritten = !equal(next.metadata.managedFields ?? [], live.metadata.managedFields ?? [])
  const entries = managedOf(isRewritten ? next : live)
  if (entries.length === 0) return isRewritten ? { ...next, metadata: managedBy(next.metadata, []) } : next
  const { set, lost } = changesOf(claimable(live), claimable(next))
  if (isEmpty(set) && isEmpty(lost))
    return isRewritten ? { ...next, metadata: managedBy(next.metadata, entries) } : next
  const own = entries.find((one) => one.operation === 'Update' && one.manager === manager)
  const rest = entries
    .filter((one) => one !== own)
    .map((one) => ({ ...one, fieldsV1: minus(minus(one.fieldsV1, leavesOf(set)), lost) }))
  const mine =
    manager === null ? [] : [entry(manager, 'Update', next, union(minus(own?.fieldsV1 ?? {}, lost), set))]
  return { ...next, metadata: managedBy(next.metadata, [...mine, ...rest]) }
}

/** The owners of an object's fields before an apply: without any known owner, all fields belong to `before-first-apply`. */
function ownersOf(live: KubeObject | undefined): readonly Managed[] {
  const entries = managedOf(live)
  if (live === undefined || entries.length > 0) return entries
  const all = fieldsOf(claimable(live))
  return isEmpty(all) ? [] : [entry('before-first-apply', 'Update', live, all)]
}

function managedOf(object: KubeObject | undefined): readonly Managed[] {
  const entries = (object?.metadata.managedFields ?? []) as readonly Partial<Managed>[]
  return entries.map((one) => ({ ...one, fieldsV1: one.fieldsV1 ?? {} }) as Managed)
}

const entry = (
  manager: string,
  operation: Managed['operation'],
  { apiVersion }: KubeObject,
  fieldsV1: FieldSet,
): Managed => ({ manager, operation, apiVersion, fieldsType: 'FieldsV1', fieldsV1 })

/** Without the list if no manager owns a field. */
function managedBy<T extends object>(metadata: T, entries: readonly Managed[]): T {
  const managedFields = inOrder(entries)
  const rest = Object.entries(metadata).filter(([key]) => key !== 'managedFields')
  return Object.fromEntries(
    managedFields.length === 0 ? rest : [...rest, ['managedFields', managedFields]],
  ) as T
}

const inOrder = (entries: readonly Managed[]): readonly Managed[] =>
  entries
    .filter((one) => !isEmpty(one.fieldsV1))
    .toSorted((a, b) => rank(a) - rank(b) || (a.manager < b.manager ? -1 : 1))

const rank = ({ operation }: Managed): number => (operation === 'Apply' ? 0 : 1)

// Bookkeeping fields have no owner, and status is not part of an apply.
const bookkeeping = new Set([
  'name',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'managedFields',
])

function claimable({ metadata, ...object }: KubeObject): object {
  const kept = Object.entries(metadata).filter(([key]) => !bookkeeping.has(key))
  const rest = Object.entries(object).filter(([key]) => !['apiVersion', 'kind', 'status'].includes(key))
  const inner = kept.length === 0 ? [] : [['metadata', Object.fromEntries(kept)] as const]
  return Object.fromEntries([...inner, ...rest])
}

/** A set without the steps that only lead to others: taking a list's item must not take all that is in it. */
function leavesOf(set: FieldSet): FieldSet {
  const inner = Object.entries(set).filter(([step]) => step !== '.')
  return Object.fromEntries(
    inner.map(([step, one]) => [step, isFields(one) ? leavesOf(one) : one]),
  ) as FieldSet
}
