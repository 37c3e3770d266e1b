import { isFields, type Fields } from '../values/frozen.ts'

// Lists that the API server merges item by item under server-side apply, with their keys; every other list is replaced whole.
const keysOfLists: Readonly<Record<string, readonly string[]>> = {
  containers: ['name'],
  initContainers: ['name'],
  env: ['name'],
  volumes: ['name'],
  volumeMounts: ['mountPath'],
  imagePullSecrets: ['name'],
  ports: ['containerPort', 'port', 'protocol'],
  listeners: ['name'],
  conditions: ['type'],
  ownerReferences: ['uid'],
  topologySpreadConstraints: ['topologyKey', 'whenUnsatisfiable'],
}

// Maps that are replaced whole, too: a selector is one thing.
const wholeMaps = new Set([
  'selector',
  'nodeSelector',
  'labelSelector',
  'podSelector',
  'namespaceSelector',
  'configMapKeyRef',
  'secretKeyRef',
  'fieldRef',
  'resourceFieldRef',
  'scaleTargetRef',
])

export const isWhole = (field: string): boolean => wholeMaps.has(field)

// Lists that are sets: merged value by value.
const sets = new Set(['finalizers'])

/** Whether the items of the list `field` are merged one by one. */
export function isKeyed(items: readonly unknown[], field: string): boolean {
  return sets.has(field) || (keysOfLists[field] !== undefined && items.every(isFields))
}

export const isSameItem = (left: unknown, right: unknown, field: string): boolean =>
  stepOf(left, field) === stepOf(right, field)

/** The step of `fieldsV1` that leads to an item: `k:{"name":"web"}`, `v:"example.com/keep"`. */
export function stepOf(item: unknown, field: string): string {
  return isFields(item) ? `k:${JSON.stringify(keyOf(item, field))}` : `v:${JSON.stringify(item)}`
}

/** The fields that name an item: `{ name: 'web' }`, `{ port: 80, protocol: 'TCP' }`. */
function keyOf(item: Fields, field: string): Fields {
  const keys = keysOfLists[field] ?? []
  const found = keys.map((key) => [key, item[key] ?? (key === 'protocol' ? 'TCP' : undefined)])
  return Object.fromEntries(found.filter(([, value]) => value !== undefined)) as Fields
}
