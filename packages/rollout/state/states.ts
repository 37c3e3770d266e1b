import { describe, Failure } from '@alt-las/failure'
import type { Cluster, ConfigMap } from '@alt-las/kubernetes'
import { stateLabel } from '../model/names.ts'
import type { Rollout } from '../model/rollout.ts'
import { findKey } from './find-key.ts'
import { readState, stateAt } from './journal.ts'

interface Targets {
  readonly namespace: string
  /** null = all of the namespace. */
  readonly deployment: string | null
}

/** The states of several targets: an unreadable one affects only its own target. */
export interface States {
  readonly states: readonly Rollout[]
  readonly unreadable: readonly UnreadableState[]
}

export interface UnreadableState {
  readonly namespace: string
  readonly deployment: string
  /** The reason and the remedy. */
  readonly because: string
}

/** The recorded state of one target; null where it was never rolled out. Throws Failure `bad-state`. */
export async function findState(
  { namespace, deployment }: { readonly namespace: string; readonly deployment: string },
  cluster: Pick<Cluster, 'get'>,
): Promise<Rollout | null> {
  const [key, found] = await Promise.all([
    findKey(namespace, cluster),
    cluster.get<ConfigMap>(stateAt(namespace, deployment)),
  ])
  return readState(found, key)
}

/** The recorded state of one target, or of all in the namespace; empty where nothing was ever rolled out. */
export async function findStates(
  { namespace, deployment }: Targets,
  cluster: Pick<Cluster, 'get' | 'list'>,
): Promise<States> {
  if (deployment !== null) {
    const state = await findState({ namespace, deployment }, cluster)
    return { states: state === null ? [] : [state], unreadable: [] }
  }
  const key = await findKey(namespace, cluster)
  const labelled = { apiVersion: 'v1', kind: 'ConfigMap', namespace, labelSelector: stateLabel }
  const states: Rollout[] = []
  const unreadable: UnreadableState[] = []
  for (const found of await cluster.list<ConfigMap>(labelled)) {
    try {
      const state = readState(found, key)
      if (state !== null) states.push(state)
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'bad-state') throw error
      const { name, labels } = found.metadata
      unreadable.push({ namespace, deployment: labels?.[stateLabel] ?? name, because: describe(error) })
    }
  }
  return { states, unreadable }
}

/** The same; throws Failure `no-state` (fault input) without any. */
export async function readStates(targets: Targets, cluster: Pick<Cluster, 'get' | 'list'>): Promise<States> {
  const found = await findStates(targets, cluster)
  if (found.states.length > 0 || found.unreadable.length > 0) return found
  throw new Failure('no-state', `${nameOfTargets(targets)} was never rolled out by this action`, {
    fault: 'input',
    hint: 'check `namespace` and `deployment`; the first `deploy` records the release to return to',
  })
}

/** `atlas-production/api-gateway`, or `atlas-production` for all of it. */
export function nameOfTargets({ namespace, deployment }: Targets): string {
  return deployment === null ? namespace : `${namespace}/${deployment}`
}
