import type { At, Cluster, KubeObject, Service } from '@alt-las/kubernetes'
import type { Clock } from '@alt-las/time'
import { configSight, removeStale } from '../config/config-sight.ts'
import { keepConfigs, releaseConfigs } from '../config/configs.ts'
import type { Effect } from '../decide/decision.ts'
import type { World } from '../drive/drive.ts'
import { armGuard, disarmGuard, observeGuard } from '../guard/guard.ts'
import { judged, lookedBack, read, withSample } from '../judging/measure.ts'
import type { Scrapes } from '../judging/scrapes.ts'
import { canaryName, manager, podHash, rolloutAnnotation } from '../names.ts'
import { findsAll } from '../observe/finds-all.ts'
import { observeVersions, type Versions } from '../observe/observe.ts'
import { restartCounter } from '../observe/restarts.ts'
import { settling } from '../observe/settling.ts'
import type { WorkloadSight } from '../observe/sight.ts'
import { switchedOf } from '../observe/switched.ts'
import type { Plan } from '../plan/plan.ts'
import { workloadAt } from '../plan/workload-at.ts'
import { aimOf } from '../routers/aim.ts'
import { routerFor } from '../routers/choose.ts'
import { idOf, type Rollout } from '../state/rollout.ts'
import { swap } from '../state/swap.ts'
import { holdAutoscaler, observeAutoscaler, restoreAutoscaler } from './autoscaler.ts'
import { observeJob, removeJob, startJob } from './before-job.ts'
import { canaryDeployment, canaryService, stableDeployment, unpinned } from './canary-objects.ts'
import { atLiveSize, keptReplicas } from './kept-replicas.ts'
import { applyObjects, observeObjects } from './objects.ts'

export interface WorldPorts {
  readonly cluster: Cluster
  readonly scrapes: Scrapes
  readonly clock: Clock
  /** The objects of `manifests` without the target. */
  readonly objects: readonly KubeObject[]
}

/** The cluster as the rollout needs it: facts out of objects, effects into writes. */
export function world({ cluster, scrapes, clock, objects }: WorldPorts): World {
  const routed = settling<number | null>(clock)
  const found = settling<boolean>(clock)
  const count = restartCounter()
  let applied = false
  return {
    observe: async (rollout) => {
      const { plan, phase } = rollout
      const [versions, routes, autoscaler, job, guard] = await Promise.all([
        observeVersions(plan, { now: clock.now(), count }, cluster),
        routerFor(plan.router, cluster).see(plan, aimOf(rollout)),
        observeAutoscaler(plan, cluster),
        observeJob(rollout, clock.now(), cluster),
        observeGuard(rollout, cluster),
      ])
      const { service, stable } = versions
      const complete = stable !== null && findsAll(service, stable.replicas)
      return {
        ...versions,
        stable: writtenBy(rollout, versions),
        autoscaler,
        job,
        guard,
        ...(await configSight(rollout, versions.live, cluster)),
        foundMs: found(complete, complete),
        router: { ...routes, settledMs: routed(routes.weight, routes.accepted) },
        objects:
          phase.kind !== 'apply' || !applied
            ? { kind: 'unapplied' }
            : await observeObjects(objects, clock.now(), cluster),
      }
    },
    ensure: async (effect, rollout) => {
      if (effect.kind === 'apply-objects') {
        await applyObjects(objects, cluster)
        applied = true
      } else await ensure(effect, rollout, cluster)
    },
    measure: async (rollout, seen) => {
      const { plan, judgement } = rollout
      const begun = await lookedBack(judgement, { plan, seen }, () => scrapes.history(plan))
      if (begun !== null) return begun
      const split = { ...seen.router, switched: switchedOf(rollout) }
      const reading = await read(seen, () => scrapes.next(plan, judgement.readTo, split))
      return withSample(judged(judgement, reading, { plan, seen }), reading, { seen, clock })
    },
  }
}

type Deed = Exclude<Effect, { kind: 'apply-objects' }>

/** Within a rollout a version counts only where this very rollout wrote it: since an earlier one, somebody may have changed the pods. */
function writtenBy(rollout: Rollout, { stable, live }: Versions): WorkloadSight | null {
  const writes = ['install', 'roll', 'promote-stable', 'revert'].includes(rollout.phase.kind)
  if (stable === null || !writes) return stable
  const writer = live?.metadata.annotations?.[rolloutAnnotation]
  return writer === idOf(rollout) ? stable : { ...stable, version: null }
}

async function ensure(effect: Deed, rollout: Rollout, cluster: Cluster): Promise<void> {
  const { plan, before } = rollout
  const router = routerFor(plan.router, cluster)
  switch (effect.kind) {
    case 'pin':
      return pin(effect.hash, plan, cluster)
    case 'canary-service': {
      const stable = await cluster.get<Service>(serviceAt(plan, plan.service))
      if (stable !== null) await cluster.apply(canaryService(plan, stable, effect.hash), manager)
      return
    }
    case 'canary-deployment':
      await cluster.apply(canaryDeployment(plan, effect.replicas), manager)
      return
    case 'weight':
      return router.split(plan, effect.percent, effect.stable)
    case 'restore-routes':
      return router.restore(plan, before.routes)
    case 'stable-deployment':
      await cluster.apply(stableDeployment(rollout, await keptReplicas(plan, cluster)), manager)
      return
    case 'remove-stable-deployment':
      return cluster.remove(workloadAt(plan), { uid: effect.uid })
    case 'remove-canary-deployment':
      return cluster.remove(deploymentAt(plan, canaryName(plan.deployment)), { uid: effect.uid })
    case 'remove-canary-service':
      return cluster.remove(serviceAt(plan, plan.canaryService), {})
    case 'hold-autoscaler':
      return holdAutoscaler(plan, before, effect.replicas, cluster)
    case 'restore-autoscaler':
      return restoreAutoscaler(plan, before, cluster)
    case 'before-job':
      return startJob(rollout, cluster)
    case 'remove-job':
      return removeJob(rollout, effect.uid, cluster)
    case 'arm-guard':
      return armGuard(rollout, router, cluster)
    case 'disarm-guard':
      return disarmGuard(rollout, cluster)
    case 'keep-configs':
      return keepConfigs(plan, cluster)
    case 'release-configs':
      return releaseConfigs(plan, cluster)
    case 'remove-configs':
      return removeStale(rollout, cluster)
    case 'restore-workload':
      if (before.workload !== null)
        await cluster.apply(await atLiveSize(before.workload, plan, cluster), manager)
      return
    case 'remove-pod':
      return cluster.remove(podAt(plan, effect.name), { uid: effect.uid })
  }
}

/** The selector is replaced as a whole under a test of what it was: nobody else's change is lost. */
async function pin(hash: string | null, plan: Plan, cluster: Cluster): Promise<void> {
  const at = serviceAt(plan, plan.service)
  const service = await cluster.get<Service>(at)
  const selector = service?.spec.selector
  if (selector === undefined || (selector[podHash] ?? null) === hash) return
  const value = { ...unpinned(selector), ...(hash === null ? {} : { [podHash]: hash }) }
  const test = { op: 'test', path: '/spec/selector', value: selector } as const
  await swap(at, [test, { op: 'replace', path: '/spec/selector', value }], cluster)
}

const serviceAt = ({ namespace }: Plan, name: string): At => ({
  apiVersion: 'v1',
  kind: 'Service',
  namespace,
  name,
})

const podAt = ({ namespace }: Plan, name: string): At => ({ apiVersion: 'v1', kind: 'Pod', namespace, name })

const deploymentAt = ({ namespace }: Plan, name: string): At => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  namespace,
  name,
})
