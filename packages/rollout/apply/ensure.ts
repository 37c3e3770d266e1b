// Effects on the cluster, one file per family: each is safe to repeat.
import { applyManifest, type Cluster, type Service } from '@alt-las/kubernetes'
import { canaryName, routerFor } from '@alt-las/routers'
import { keepConfigs, releaseConfigs } from '../configs/configs.ts'
import type { Effect } from '../model/effects.ts'
import { manager } from '../model/names.ts'
import type { Rollout } from '../model/rollout.ts'
import { armWatchdog, disarmWatchdog } from '../watchdog/watchdog.ts'
import { holdAutoscaler, restoreAutoscaler } from './autoscaler.ts'
import { canaryDeployment, stableDeployment } from './canary-objects.ts'
import { canaryService } from './canary-service.ts'
import { atLiveSize, keptReplicas } from './kept-replicas.ts'
import { deploymentAt, podAt, serviceAt } from './object-at.ts'
import { pin } from './pin.ts'
import { removeJob, startJob } from './pre-deploy-job.ts'
import { removeStale } from './remove-configs.ts'
import { smokePodAt } from '../observe/observe-smoke-pod.ts'
import { startSmokePod } from './smoke-pod.ts'
import { workloadAt } from '../model/plan.ts'

export type ClusterEffect = Exclude<Effect, { kind: 'apply-objects' }>

export async function ensure(effect: ClusterEffect, rollout: Rollout, cluster: Cluster): Promise<void> {
  const { plan, baseline } = rollout
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
    case 'audience':
      return router.sendAudience(plan)
    case 'restore-routes':
      return router.restore(plan, baseline.routes)
    case 'stable-deployment':
      await applyManifest(stableDeployment(rollout, await keptReplicas(plan, cluster)), manager, cluster)
      return
    case 'remove-stable-deployment':
      return cluster.remove(workloadAt(plan), { uid: effect.uid })
    case 'remove-canary-deployment':
      return cluster.remove(deploymentAt(plan, canaryName(plan.deployment)), { uid: effect.uid })
    case 'remove-canary-service':
      return cluster.remove(serviceAt(plan, plan.canaryService), {})
    case 'hold-autoscaler':
      return holdAutoscaler(plan, baseline, effect.replicas, cluster)
    case 'restore-autoscaler':
      return restoreAutoscaler(plan, baseline, cluster)
    case 'pre-deploy-job':
      return startJob(rollout, cluster)
    case 'remove-job':
      return removeJob(rollout, effect.uid, cluster)
    case 'arm-watchdog':
      return armWatchdog(rollout, router, cluster)
    case 'disarm-watchdog':
      return disarmWatchdog(rollout, cluster)
    case 'keep-configs':
      return keepConfigs(plan, cluster)
    case 'release-configs':
      return releaseConfigs(plan, cluster)
    case 'remove-configs':
      return removeStale(rollout, cluster)
    case 'restore-workload':
      if (baseline.workload !== null)
        await cluster.apply(await atLiveSize(baseline.workload, plan, cluster), manager)
      return
    case 'smoke-pod':
      return startSmokePod(rollout, cluster)
    case 'remove-smoke-pod':
      return cluster.remove(smokePodAt(rollout), { uid: effect.uid })
    case 'remove-pod':
      return cluster.remove(podAt(plan, effect.name), { uid: effect.uid })
  }
}
