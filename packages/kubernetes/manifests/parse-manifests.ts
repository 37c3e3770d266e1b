import { readYaml } from '@alt-las/yaml'
import type { KubeObject } from '../types/objects.ts'

/** A document of a file; `line` is 1-based. */
export interface Manifest {
  readonly object: KubeObject
  readonly file: string
  readonly line: number
}

export interface Problem {
  readonly file: string
  readonly line: number
  readonly what: string
}

/** All documents of a file, a `List` as its items, and everything that is wrong with the rest. */
export function parseManifests(
  text: string,
  file: string,
): { readonly manifests: readonly Manifest[]; readonly problems: readonly Problem[] } {
  const { documents, mistakes } = readYaml(text, 'kubernetes')
  const manifests: Manifest[] = []
  const problems: Problem[] = mistakes.map((mistake) => ({ file, ...mistake }))
  for (const { value, line } of documents) {
    if (value === null) continue
    for (const object of flatten(value)) {
      const what = wrongWith(object)
      if (what === null) manifests.push({ object: object as KubeObject, file, line })
      else problems.push({ file, line, what })
    }
  }
  return { manifests, problems }
}

/** One object in two places is ambiguous. */
export function duplicates(manifests: readonly Manifest[]): readonly Problem[] {
  const seen = new Map<string, Manifest>()
  return manifests.flatMap((one) => {
    const { apiVersion, kind, metadata } = one.object
    const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : ''
    const key = [group, kind, metadata.namespace, metadata.name].join('|')
    const before = seen.get(key)
    seen.set(key, one)
    if (before === undefined) return []
    const where = `${before.file}:${before.line}`
    return [{ file: one.file, line: one.line, what: `${kind} ${metadata.name} is already in ${where}` }]
  })
}

function flatten(value: unknown): readonly unknown[] {
  if (typeof value !== 'object' || value === null || !('items' in value) || !Array.isArray(value.items))
    return [value]
  const isList = 'kind' in value && typeof value.kind === 'string' && value.kind.endsWith('List')
  return isList ? value.items.flatMap(flatten) : [value]
}

function wrongWith(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return 'this is not a Kubernetes object'
  const { apiVersion, kind, metadata } = value as Record<string, unknown>
  if (typeof apiVersion !== 'string') return 'apiVersion is missing'
  if (typeof kind !== 'string') return 'kind is missing'
  const name =
    typeof metadata === 'object' && metadata !== null && 'name' in metadata ? metadata.name : undefined
  if (typeof name !== 'string' || name === '')
    return isGenerated(metadata)
      ? `${kind} has a generateName: an apply needs metadata.name, and each run would create another object`
      : `${kind} has no metadata.name`
  return null
}

const isGenerated = (metadata: unknown): boolean =>
  typeof metadata === 'object' && metadata !== null && 'generateName' in metadata
