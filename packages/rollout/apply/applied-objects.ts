import { Failure } from '@alt-las/failure'
import type { Cluster, KubeObject } from '@alt-las/kubernetes'
import { at } from '../observe/observe-objects.ts'
import { type Definition, definitionOf, isDefinition } from './definitions.ts'
import { applyObjects } from './objects.ts'

/** How far the objects of the manifests are: `waiting` for definitions, `unapplied` where the next apply can go on. */
export type Applied =
  | { readonly kind: 'unapplied' }
  | { readonly kind: 'applied' }
  | { readonly kind: 'waiting'; readonly because: string }

export interface AppliedObjects {
  observe(): Promise<Applied>
  /** As far as it goes now: definitions first, and what they define once the API server serves it. */
  apply(): Promise<void>
}

/** The objects of one run. `changed` is told of each object that an apply has changed. */
export function appliedObjects(
  objects: readonly KubeObject[],
  cluster: Cluster,
  changed: (object: KubeObject) => void,
): AppliedObjects {
  const definitions = objects.filter(isDefinition)
  const rest = objects.filter((one) => !isDefinition(one))
  const defined = rest.filter(({ kind }) => definitionOf(kind, definitions) !== undefined)
  // Namespaces do not wait for definitions, and definitions for nothing.
  let next: 'definitions' | 'rest' | 'none' = definitions.length === 0 ? 'rest' : 'definitions'
  let unserved: string | null = null
  return {
    observe: async () => {
      if (next === 'none') return { kind: 'applied' }
      if (next === 'definitions') return { kind: 'unapplied' }
      for (const one of definitions) {
        const found = await cluster.get<Definition>(at(one))
        if (found === null || !isEstablished(found))
          return { kind: 'waiting', because: `${one.kind} ${one.metadata.name} is not established yet` }
      }
      const because = unserved
      // Looked at again by the next apply.
      unserved = null
      return because === null ? { kind: 'unapplied' } : { kind: 'waiting', because }
    },
    apply: async () => {
      if (next === 'definitions') {
        await applyObjects(definitions, cluster, changed)
        next = 'rest'
        return
      }
      try {
        await applyObjects(rest, cluster, changed)
        next = 'none'
      } catch (error) {
        // Established is not served yet: the API server's list of kinds comes some moments later.
        const late = isMissing(error) ? await firstUnserved(defined, cluster) : null
        if (late === null) throw error
        unserved = `the API server does not serve ${late} yet`
      }
    },
  }
}

const isEstablished = ({ status }: Definition): boolean =>
  status?.conditions?.some((one) => one.type === 'Established' && one.status === 'True') === true

const isMissing = (error: unknown): boolean => error instanceof Failure && error.code === 'not-found'

/** The first kind that the API server does not know: the absence of an object alone is null, and no error. */
async function firstUnserved(objects: readonly KubeObject[], cluster: Cluster): Promise<string | null> {
  for (const one of objects) {
    try {
      await cluster.get(at(one))
    } catch (error) {
      if (!isMissing(error)) throw error
      return one.kind
    }
  }
  return null
}
