import { Failure } from '@alt-las/failure'
import type { Cluster, ConfigMap } from '@alt-las/kubernetes'
import { stateLabel } from '../model/names.ts'
import type { Rollout } from '../model/rollout.ts'
import { readState, stateAt } from './journal.ts'

interface Targets {
  readonly namespace: string
  /** Empty: all of the namespace. */
  readonly deployment: string
}

/** The recorded state of one target, or of all in the namespace; empty where nothing was ever rolled out. */
export async function findStates(
  { namespace, deployment }: Targets,
  cluster: Pick<Cluster, 'get' | 'list'>,
): Promise<readonly Rollout[]> {
  const labelled = { apiVersion: 'v1', kind: 'ConfigMap', namespace, labelSelector: stateLabel }
  const found =
    deployment === ''
      ? await cluster.list<ConfigMap>(labelled)
      : [await cluster.get<ConfigMap>(stateAt(namespace, deployment))]
  return found.map(readState).filter((one) => one !== null)
}

/** The same; throws Failure `no-state` (fault input) where there is none. */
export async function readStates(
  targets: Targets,
  cluster: Pick<Cluster, 'get' | 'list'>,
): Promise<readonly Rollout[]> {
  const states = await findStates(targets, cluster)
  if (states.length > 0) return states
  throw new Failure('no-state', `${nameOfTargets(targets)} was never rolled out by this action`, {
    fault: 'input',
    hint: 'check `namespace` and `deployment`; the first `deploy` records what it can return to',
  })
}

/** `atlas-production/api-gateway`, or `atlas-production` for all of it. */
export function nameOfTargets({ namespace, deployment }: Targets): string {
  return deployment === '' ? namespace : `${namespace}/${deployment}`
}
