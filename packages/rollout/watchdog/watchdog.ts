// The dead-man's switch: a Job in the cluster that takes the traffic back where the run has died.
import { Failure } from '@alt-las/failure'
import type { At, Cluster, ClusterReader, ConfigMap, Job, Pod } from '@alt-las/kubernetes'
import type { Router } from '@alt-las/routers'
import { manager } from '../model/names.ts'
import type { ObservedWatchdog } from '../model/observation.ts'
import type { Rollout } from '../model/rollout.ts'
import { stateAt } from '../state/journal.ts'
import { watchdogLabel, watchdogName, watchdogObjects, watchdogOrders } from './watchdog-objects.ts'

/** The state of this run's dead-man's switch. One of an earlier run counts as fired: it cannot act any more. */
export async function observeWatchdog(rollout: Rollout, cluster: ClusterReader): Promise<ObservedWatchdog> {
  const { plan } = rollout
  if (plan.watchdogImage === null || plan.router === 'none') return { kind: 'none', because: '' }
  const name = watchdogName(rollout)
  const [all, job, pods] = await Promise.all([
    cluster.list<ConfigMap>(watchdogsAt(rollout, 'v1', 'ConfigMap')),
    cluster.get<Job>({ apiVersion: 'batch/v1', kind: 'Job', namespace: plan.namespace, name }),
    cluster.list<Pod>(watchdogsAt(rollout, 'v1', 'Pod')),
  ])
  if (!all.some(({ metadata }) => metadata.name === name))
    return all.length === 0
      ? { kind: 'absent', because: "there is no dead-man's switch" }
      : { kind: 'fired', because: "the dead-man's switch belongs to an earlier run" }
  return job === null
    ? { kind: 'absent', because: "the dead-man's switch has no Job" }
    : sightOf(
        job,
        pods.filter((pod) => pod.metadata.labels?.['job-name'] === name),
      )
}

function sightOf({ status }: Job, pods: readonly Pod[]): ObservedWatchdog {
  const is = (type: string) =>
    status?.conditions?.find((one) => one.type === type && one.status === 'True') ?? null
  if (is('Complete') !== null)
    return { kind: 'fired', because: "the dead-man's switch has reset the traffic" }
  const failed = is('Failed')
  if (failed !== null) return { kind: 'failed', because: failed.message ?? failed.reason ?? 'its Job failed' }
  const ready = pods.some(
    (pod) =>
      pod.metadata.deletionTimestamp === undefined &&
      pod.status?.conditions?.some((one) => one.type === 'Ready' && one.status === 'True') === true,
  )
  if (ready) return { kind: 'armed', because: "the dead-man's switch watches" }
  const waiting = pods.flatMap((pod) => pod.status?.containerStatuses ?? []).map((one) => one.state?.waiting)
  const reason = waiting.find((one) => one?.reason !== undefined && one.reason !== 'ContainerCreating')
  const because = reason === undefined ? '' : ` (${reason.reason ?? ''}: ${reason.message ?? ''})`
  return { kind: 'starting', because: `the dead-man's switch starts${because}` }
}

/** Creates the switch, and removes those of earlier runs. Throws Failure `conflict` without a saved state as its owner. */
export async function armWatchdog(rollout: Rollout, router: Router, cluster: Cluster): Promise<void> {
  const { plan, baseline } = rollout
  const retreats = await router.resetPatches(plan, baseline.hash)
  const state = await cluster.get<ConfigMap>(stateAt(plan.namespace, plan.deployment))
  if (state === null || retreats.length === 0)
    throw new Failure('conflict', `there is no traffic that the dead-man's switch could reset`, {
      fault: 'outside',
    })
  const owner = ({ metadata }: ConfigMap) => ({ name: metadata.name, uid: metadata.uid ?? '' })
  const orders = await cluster.apply(watchdogOrders(rollout, retreats, owner(state)), manager)
  for (const object of watchdogObjects(rollout, retreats, owner(orders))) await cluster.apply(object, manager)
  await removeWatchdogs(rollout, cluster, (name) => name !== orders.metadata.name)
}

/** The ConfigMap goes first: without it the Job does nothing, even before the garbage collector removes it. */
export function disarmWatchdog(rollout: Rollout, cluster: Pick<Cluster, 'list' | 'remove'>): Promise<void> {
  return removeWatchdogs(rollout, cluster, () => true)
}

async function removeWatchdogs(
  rollout: Rollout,
  cluster: Pick<Cluster, 'list' | 'remove'>,
  which: (name: string) => boolean,
): Promise<void> {
  const at = watchdogsAt(rollout, 'v1', 'ConfigMap')
  for (const { metadata } of await cluster.list<ConfigMap>(at)) {
    const { name, uid, namespace } = metadata
    const one = { apiVersion: 'v1', kind: 'ConfigMap', name, namespace: namespace ?? '' }
    if (which(name)) await cluster.remove(one, uid === undefined ? {} : { uid })
  }
}

const watchdogsAt = ({ plan }: Rollout, apiVersion: string, kind: string): At => ({
  apiVersion,
  kind,
  namespace: plan.namespace,
  labelSelector: `${watchdogLabel}=${plan.deployment.slice(0, 63)}`,
})
