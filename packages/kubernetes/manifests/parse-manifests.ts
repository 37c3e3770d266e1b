import { LineCounter, parseAllDocuments, type ScalarTag, type CollectionTag } from 'yaml'
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
  const lineCounter = new LineCounter()
  const documents = parseAllDocuments(text, {
    lineCounter,
    version: '1.1',
    merge: true,
    customTags: asKubernetes,
  })
  const manifests: Manifest[] = []
  const problems: Problem[] = []
  if ('empty' in documents) return { manifests, problems }
  for (const document of documents) {
    const lineAt = (offset: number | undefined) => Math.max(1, lineCounter.linePos(offset ?? 0).line)
    for (const error of document.errors) {
      problems.push({ file, line: lineAt(error.pos[0]), what: firstLine(error.message) })
    }
    if (document.errors.length > 0) continue
    const line = lineAt(document.contents?.range?.[0])
    const value: unknown = document.toJS()
    if (value === null || value === undefined) continue
    for (const object of flatten(value)) {
      const what = wrongWith(object)
      if (what === null) manifests.push({ object: object as KubeObject, file, line })
      else problems.push({ file, line, what })
    }
  }
  return { manifests, problems }
}

/** One object in two places: which of them was meant cannot be known. */
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

// As Kubernetes reads YAML: 1.1 (`0644` is octal, `yes` is true), but dates and `1:30` stay text.
function asKubernetes(tags: (ScalarTag | CollectionTag | string)[]): (ScalarTag | CollectionTag)[] {
  return tags.filter((tag) => {
    if (typeof tag === 'string') return false
    return !tag.tag.endsWith(':timestamp') && (tag as { format?: string }).format !== 'TIME'
  }) as (ScalarTag | CollectionTag)[]
}

function flatten(value: unknown): readonly unknown[] {
  if (typeof value !== 'object' || value === null || !('items' in value) || !Array.isArray(value.items))
    return [value]
  return 'kind' in value && String(value.kind).endsWith('List') ? value.items.flatMap(flatten) : [value]
}

function wrongWith(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return 'this is not a Kubernetes object'
  const { apiVersion, kind, metadata } = value as Record<string, unknown>
  if (typeof apiVersion !== 'string') return 'apiVersion is missing'
  if (typeof kind !== 'string') return 'kind is missing'
  const name =
    typeof metadata === 'object' && metadata !== null && 'name' in metadata ? metadata.name : undefined
  if (typeof name !== 'string' || name === '') return `${kind} has no metadata.name`
  return null
}

const firstLine = (message: string): string => (message.split('\n')[0] ?? '').replace(/ at line .*$/, '')
