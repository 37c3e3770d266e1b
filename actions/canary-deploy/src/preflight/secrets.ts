import { type KubeObject, title } from '@alt-las/kubernetes'

/** A Secret that objects of the manifests name, and that no object of them makes. */
export interface NeededSecret {
  readonly name: string
  /** What becomes of pods or listeners without it. */
  readonly use: 'pull' | 'configuration' | 'certificate'
  /** Titles of the objects that name it. */
  readonly by: readonly string[]
}

/** Pure: the Secrets that must exist before a release. */
export function neededSecrets(objects: readonly KubeObject[]): readonly NeededSecret[] {
  const made = new Set(objects.flatMap(madeBy))
  const needed = new Map<string, NeededSecret>()
  for (const object of objects)
    for (const { name, use } of namedIn(object)) {
      if (made.has(name)) continue
      const before = needed.get(name)
      const by = [...new Set([...(before?.by ?? []), title(object)])]
      needed.set(name, { name, use: before?.use ?? use, by })
    }
  return [...needed.values()]
}

type Named = Pick<NeededSecret, 'name' | 'use'>

/** Fields that name a Secret have the same name and form in every kind that holds a pod. */
function namedIn(value: unknown): readonly Named[] {
  if (Array.isArray(value)) return value.flatMap(namedIn)
  if (!isMapping(value)) return []
  return Object.entries(value).flatMap(([key, one]) => {
    switch (key) {
      case 'secretKeyRef':
      case 'secretRef':
      case 'secret':
        return named(one, 'configuration')
      case 'imagePullSecrets':
        return listOf(one).flatMap((each) => named(each, 'pull'))
      case 'certificateRefs':
        return listOf(one)
          .filter((each) => isMapping(each) && each['namespace'] === undefined)
          .flatMap((each) => named(each, 'certificate'))
      default:
        return namedIn(one)
    }
  })
}

function named(reference: unknown, use: NeededSecret['use']): readonly Named[] {
  if (!isMapping(reference) || reference['optional'] === true) return []
  const name = reference['secretName'] ?? reference['name']
  return typeof name === 'string' ? [{ name, use }] : []
}

/** A Secret itself, or an object whose controller makes one. */
function madeBy({ kind, metadata, ...rest }: KubeObject): readonly string[] {
  const spec = (rest as { readonly spec?: unknown }).spec
  const given = isMapping(spec) ? spec : {}
  switch (kind) {
    case 'Secret':
    case 'SealedSecret':
      return [metadata.name]
    case 'Certificate':
      return typeof given['secretName'] === 'string' ? [given['secretName']] : []
    case 'ExternalSecret': {
      const { target } = given
      const name = isMapping(target) ? target['name'] : undefined
      return [typeof name === 'string' ? name : metadata.name]
    }
    default:
      return []
  }
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
