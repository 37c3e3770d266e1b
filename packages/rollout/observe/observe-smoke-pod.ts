import type { Deployment, Pod, WorkloadReader } from '@alt-las/kubernetes'
import { explainUnready } from '@alt-las/workload-health'
import type { ObservedSmokePod } from '../model/observation.ts'
import type { Plan } from '../model/plan.ts'
import type { Rollout } from '../model/rollout.ts'
import { strategyOf } from '../strategies/strategies.ts'

/** Whether the plan's API tests need a pod of their own: there is no second version that could answer them. */
export const hasSmokePod = (plan: Plan): boolean =>
  plan.smoke !== undefined && !strategyOf(plan).hasSecondVersion

/** One name per rollout: a resumed run finds its own pod. At most 63 characters, since it is a host name as well. */
export const smokePodName = ({ id, plan }: Pick<Rollout, 'id' | 'plan'>): string =>
  `${plan.deployment.slice(0, 40).replace(/[-.]+$/, '')}-smoke-${id}`.replaceAll('.', '-')

export const smokePodAt = (rollout: Pick<Rollout, 'id' | 'plan'>) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  namespace: rollout.plan.namespace,
  name: smokePodName(rollout),
})

/** The pod of a rolling update's API tests; undefined where the phase has none. `now` in ms since 1970. */
export async function observeSmokePod(
  rollout: Rollout,
  now: number,
  cluster: WorkloadReader,
): Promise<ObservedSmokePod | undefined> {
  const { plan, phase } = rollout
  if (!hasSmokePod(plan) || (phase.kind !== 'smoke' && phase.kind !== 'revert')) return undefined
  const pod = await cluster.get<Pod>(smokePodAt(rollout))
  const { name } = smokePodAt(rollout)
  if (pod === null) return { kind: 'absent', because: `the pod ${name} does not exist` }
  const { uid = '', deletionTimestamp } = pod.metadata
  if (deletionTimestamp !== undefined) return { kind: 'ending', because: `the pod ${name} is ending`, uid }
  if (isReady(pod)) return { kind: 'ready', because: `the pod ${name} is ready`, uid }
  const found = await explainUnready(alone(pod, plan), [pod], { now }, cluster)
  const cause = found.kind === 'ready' ? undefined : found.cause
  return {
    kind: found.kind === 'failed' ? 'failed' : 'starting',
    because: found.because,
    uid,
    ...(cause === undefined ? {} : { cause }),
  }
}

const isReady = ({ status }: Pod): boolean =>
  status?.phase === 'Running' &&
  status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true

/** A workload of this one pod, which is not ready. */
const alone = ({ metadata: { name, namespace = '' } }: Pod, { desired }: Plan): Deployment => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace },
  spec: { ...desired.spec, replicas: 1 },
  status: { replicas: 1, updatedReplicas: 1, availableReplicas: 0 },
})
