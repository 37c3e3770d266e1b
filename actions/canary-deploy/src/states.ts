import { Failure } from '@alt-las/failure'
import type { Cluster, ConfigMap } from '@alt-las/kubernetes'
import { readState, stateAt } from './journal.ts'
import { stateLabel } from './names.ts'
import type { Rollout } from './rollout.ts'

/** The recorded state of one target, or of all in the namespace. Throws Failure `no-state` (fault input) where there is none. */
export async function readStates(
  { namespace, deployment }: { readonly namespace: string; readonly deployment: string },
  cluster: Pick<Cluster, 'get' | 'list'>,
): Promise<readonly Rollout[]> {
  const labelled = { apiVersion: 'v1', kind: 'ConfigMap', namespace, labelSelector: stateLabel }
  const found =
    deployment === ''
      ? await cluster.list<ConfigMap>(labelled)
      : [await cluster.get<ConfigMap>(stateAt(namespace, deployment))]
  const states = found.map(readState).filter((one) => one !== null)
  if (states.length > 0) return states
  const what = deployment === '' ? `no target in ${namespace}` : `${namespace}/${deployment}`
  throw new Failure('no-state', `${what} was ever rolled out by this action`, {
    fault: 'input',
    hint: 'check `namespace` and `deployment`; the first `deploy` records what it can return to',
  })
}
