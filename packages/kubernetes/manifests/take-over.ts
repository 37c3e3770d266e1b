import type { KubeObject } from '../types/objects.ts'

/** One entry of `metadata.managedFields`. */
interface Entry {
  readonly manager?: string
  readonly operation?: string
  readonly apiVersion?: string
  readonly subresource?: string
  readonly fieldsV1?: FieldSet
}

interface FieldSet {
  readonly [step: string]: FieldSet
}

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration'

/**
 * The `managedFields` in which `manager` owns what client-side `kubectl apply` has owned, or null where nothing is to be taken over. As
 * `kubectl apply --server-side` does it: else fields that a manifest no longer says would belong to kubectl, and stay for ever.
 */
export function takenOver({ metadata }: KubeObject, manager: string): readonly unknown[] | null {
  const entries = (metadata.managedFields ?? []) as readonly Entry[]
  const own = entries.find((one) => one.operation === 'Apply' && one.manager === manager)
  if (own === undefined) return null
  const former = entries.filter((one) => isClientSide(one) && one.apiVersion === own.apiVersion)
  if (former.length === 0) return null
  const fieldsV1 = former.reduce((all, one) => union(all, one.fieldsV1 ?? {}), own.fieldsV1 ?? {})
  return entries
    .filter((one) => !former.includes(one))
    .map((one) => (one === own ? { ...one, fieldsV1 } : one))
}

/** kubectl's own name, or any `--field-manager`: only client-side apply writes the annotation. */
function isClientSide({ manager, operation, subresource, fieldsV1 }: Entry): boolean {
  if (operation !== 'Update' || (subresource ?? '') !== '') return false
  const annotations = fieldsV1?.['f:metadata']?.['f:annotations']
  return manager === 'kubectl-client-side-apply' || annotations?.[`f:${lastApplied}`] !== undefined
}

function union(one: FieldSet, other: FieldSet): FieldSet {
  const all: Record<string, FieldSet> = { ...one }
  for (const [step, inner] of Object.entries(other)) all[step] = union(all[step] ?? {}, inner)
  return all
}

/** What client-side `kubectl apply` applied the last time, or null: the annotation is text that others wrote. */
export function lastAppliedOf({ metadata }: KubeObject): unknown {
  try {
    return JSON.parse(metadata.annotations?.[lastApplied] ?? 'null')
  } catch {
    return null
  }
}
