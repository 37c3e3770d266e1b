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

/**
 * The `managedFields` with the fields of client-side `kubectl apply` in this apiVersion moved to `manager`, or null if it owns none. Like
 * `kubectl apply --server-side`: otherwise fields that a manifest no longer has would stay kubectl's for ever.
 */
export function takenOver({ apiVersion, metadata }: KubeObject, manager: string): readonly unknown[] | null {
  const entries = (metadata.managedFields ?? []) as readonly Entry[]
  const former = entries.filter((one) => one.apiVersion === apiVersion && isClientSide(one))
  const [first] = former
  if (first === undefined) return null
  const own = entries.find(
    (one) => one.apiVersion === apiVersion && one.operation === 'Apply' && one.manager === manager,
  )
  const fieldsV1 = [own, ...former].reduce<FieldSet>((all, one) => union(all, one?.fieldsV1 ?? {}), {})
  const others = entries.filter((one) => one !== own && !former.includes(one))
  return [{ ...(own ?? first), manager, operation: 'Apply', fieldsV1 }, ...others]
}

const record = 'f:kubectl.kubernetes.io/last-applied-configuration'

/** kubectl's own name, or any `--field-manager`: only client-side apply writes that annotation. */
function isClientSide({ manager, operation, subresource, fieldsV1 }: Entry): boolean {
  if (operation !== 'Update' || (subresource ?? '') !== '') return false
  return (
    manager === 'kubectl-client-side-apply' ||
    fieldsV1?.['f:metadata']?.['f:annotations']?.[record] !== undefined
  )
}

function union(one: FieldSet, other: FieldSet): FieldSet {
  const all: Record<string, FieldSet> = { ...one }
  for (const [step, inner] of Object.entries(other)) all[step] = union(all[step] ?? {}, inner)
  return all
}
