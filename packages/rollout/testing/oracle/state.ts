// The saved state as plain JSON: without validator, migration or types of the product.
import type { ConfigMap } from '@alt-las/kubernetes'
import type { FakeCluster } from '@alt-las/simulated-cluster'

/** The fields of a state for the invariants. */
export interface SavedState {
  readonly phase: {
    readonly kind: string
    readonly weight?: number
    readonly at?: number | string
  }
  readonly plan: {
    readonly strategy: string
    readonly router: string
    readonly steps: readonly { readonly weight: number }[]
  }
  readonly baseline: { readonly replicas: number; readonly hash: string | null }
}

/** null = no rollout of the target was saved. */
export function savedState(cluster: FakeCluster, name = 'web'): SavedState | null {
  const at = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: `alt-las-rollout-${name}` }
  const found = cluster.peek<ConfigMap>(at)
  const text = found?.data?.['rollout.json']
  if (found === null || text === undefined) return null
  const known = read.get(found)
  if (known !== undefined) return known
  const state = JSON.parse(text) as SavedState
  read.set(found, state)
  return state
}

/** Stored objects never change: each is parsed once, although it is checked after every write. */
const read = new WeakMap<ConfigMap, SavedState>()
