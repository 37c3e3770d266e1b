import { isDeepStrictEqual } from 'node:util'

// What differs between any two servers, and says nothing.
const volatile = new Set([
  'uid',
  'resourceVersion',
  'creationTimestamp',
  'deletionTimestamp',
  'clusterIP',
  'clusterIPs',
  'lastTransitionTime',
  'lastUpdateTime',
  'lastProbeTime',
  'startTime',
  'completionTime',
  'batch.kubernetes.io/controller-uid',
  'controller-uid',
])

/** Field managers of the script; the controllers' own entries are left out. */
const managers = new Set(['one', 'two', 'alt-las-delivery'])

/** An answer without what is different on every server: uids, versions, times, addresses. */
export function masked(value: unknown, namespace: string): unknown {
  if (typeof value === 'string') return value === namespace ? '(namespace)' : value
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((one) => masked(one, namespace))
  const kept = Object.entries(value).filter(([, inner]) => inner !== undefined)
  return Object.fromEntries(
    kept
      .map(([key, inner]) => [key, one(key, inner, namespace)] as const)
      .sort(([left], [right]) => (left < right ? -1 : 1)),
  )
}

function one(key: string, value: unknown, namespace: string): unknown {
  if (key === 'managedFields') return managed(value as readonly Managed[])
  // 0 and null are told apart by no reader of ours.
  if (volatile.has(key) && (typeof value !== 'object' || Array.isArray(value))) return '(volatile)'
  return masked(value, namespace)
}

interface Managed {
  readonly manager: string
  readonly operation: string
  readonly subresource?: string
  readonly fieldsV1: unknown
}

function managed(entries: readonly Managed[]): unknown {
  // The server orders them by time.
  const order = ({ operation, manager }: Managed) => `${operation} ${manager}`
  return entries
    .toSorted((left, right) => (order(left) < order(right) ? -1 : 1))
    .filter(({ manager, subresource }) => managers.has(manager) && subresource === undefined)
    .map(({ manager, operation, fieldsV1 }) => ({ manager, operation, fields: masked(fieldsV1, '') }))
}

/** Where two answers differ, one line each: `spec.replicas: 2, and simulated 3`. */
export function differences(real: unknown, simulated: unknown, path = ''): readonly string[] {
  if (isDeepStrictEqual(real, simulated)) return []
  const isBranch = (value: unknown): value is object => typeof value === 'object' && value !== null
  if (!isBranch(real) || !isBranch(simulated) || Array.isArray(real) !== Array.isArray(simulated))
    return [
      `${path === '' ? 'it' : path}: ${JSON.stringify(real) ?? 'nothing'}, and simulated ${JSON.stringify(simulated) ?? 'nothing'}`,
    ]
  const keys = new Set([...Object.keys(real), ...Object.keys(simulated)])
  const at = (value: object, key: string): unknown => (value as Readonly<Record<string, unknown>>)[key]
  return [...keys].flatMap((key) =>
    differences(at(real, key), at(simulated, key), path === '' ? key : `${path}.${key}`),
  )
}
