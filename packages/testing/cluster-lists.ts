import { equal, isFields, type Fields } from './cluster-frozen.ts'

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

export const isKeyed = (items: readonly unknown[], field: string): items is readonly Fields[] =>
  keysOfLists[field] !== undefined && items.every(isFields)

export function isSameItem(left: unknown, right: unknown, field: string): boolean {
  return isFields(left) && isFields(right) && equal(keyOf(left, field), keyOf(right, field))
}

/** The fields that name an item of the list `field`: `{ name: 'web' }`, `{ port: 80, protocol: 'TCP' }`. */
export function keyOf(item: Fields, field: string): Fields {
  const keys = keysOfLists[field] ?? []
  const found = keys.map((key) => [key, item[key] ?? (key === 'protocol' ? 'TCP' : undefined)])
  return Object.fromEntries(found.filter(([, value]) => value !== undefined)) as Fields
}
