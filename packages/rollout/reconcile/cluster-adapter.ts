import { type Cluster, type KubeObject, title } from '@alt-las/kubernetes'
import { foreignRoutes, routerFor } from '@alt-las/routers'
import type { Clock } from '@alt-las/time'
import { ensure } from '../apply/ensure.ts'
import { appliedObjects } from '../apply/applied-objects.ts'
import { withMemory } from '../judging/memory.ts'
import { judged, lookedBack, read, shareOf, withSample } from '../judging/measure.ts'
import { switchedOf } from '../judging/switched.ts'
import type { Judgement } from '../model/judgement.ts'
import type { Scrapes } from '../model/metrics.ts'
import { findsAll, type ObservedObjects } from '../model/observation.ts'
import type { Plan } from '../model/plan.ts'
import type { ClusterAdapter } from '../model/ports.ts'
import type { Smoke } from '../model/smoke.ts'
import type { Visits } from '../model/synthetic.ts'
import { observeAutoscaler } from '../observe/observe-autoscaler.ts'
import { observeConfigsOf } from '../observe/observe-configs.ts'
import { observeJob } from '../observe/observe-job.ts'
import { observeObjects } from '../observe/observe-objects.ts'
import { observeSmokePod } from '../observe/observe-smoke-pod.ts'
import { observeSoak } from '../observe/observe-soak.ts'
import { observeVersions } from '../observe/workloads/observe-versions.ts'
import { restartCounter } from '../observe/workloads/restarts.ts'
import { settling } from '../observe/settling.ts'
import { writtenBy } from '../observe/written-by.ts'
import { smokeRun } from './smoke-run.ts'
import { isTimed, windowMsOf } from '../strategies/ramp.ts'
import { targetWeightOf } from '../strategies/target-weight.ts'
import { observeWatchdog } from '../watchdog/watchdog.ts'

export interface ClusterAdapterPorts {
  readonly cluster: Cluster
  readonly scrapes: Scrapes
  readonly clock: Clock
  readonly smoke?: Smoke | undefined
  readonly reach: Visits['reach']
  /** The objects of `manifests` without the target. */
  readonly objects: readonly KubeObject[]
}

/** The cluster adapter of a rollout: from objects to facts, from effects to writes. */
export function clusterAdapter(ports: ClusterAdapterPorts): ClusterAdapter {
  const { cluster, scrapes, clock, reach, objects } = ports
  const smoke = smokeRun(ports)
  const routed = settling<string>(clock)
  const found = settling<boolean>(clock)
  const count = restartCounter()
  const written = new Set<string>()
  const manifests = appliedObjects(objects, cluster, (object) => written.add(title(object)))
  let foreign: readonly string[] | null = null
  const observeManifests = async (): Promise<ObservedObjects> => {
    const applied = await manifests.observe()
    return applied.kind === 'applied' ? observeObjects(objects, clock.now(), cluster) : applied
  }
  return {
    observe: async (rollout) => {
      const { plan, phase } = rollout
      // Once for a run: a grant that comes later is a question for the next one.
      foreign ??= await foreignRoutes(plan, cluster)
      const [versions, routes, autoscaler, job, guard, smokePod] = await Promise.all([
        observeVersions(plan, { now: clock.now(), count }, cluster),
        routerFor(plan.router, cluster).observe(plan, targetWeightOf(rollout)),
        observeAutoscaler(plan, cluster),
        observeJob(rollout, clock.now(), cluster),
        observeWatchdog(rollout, cluster),
        observeSmokePod(rollout, clock.now(), cluster),
      ])
      const { service, stable } = versions
      const complete = stable !== null && findsAll(service, stable.replicas)
      return {
        ...versions,
        stable: writtenBy(rollout, versions),
        autoscaler,
        job,
        watchdog: guard,
        ...(smokePod === undefined ? {} : { smokePod }),
        ...(await observeConfigsOf(rollout, versions.live, cluster)),
        foundMs: found(complete, complete),
        router: {
          ...routes,
          settledMs: routed(`${routes.weight} ${routes.audience ?? ''}`, routes.accepted),
          ...(foreign.length === 0 ? {} : { foreign }),
        },
        objects: phase.kind === 'apply' ? await observeManifests() : { kind: 'unapplied' },
      }
    },
    written: () => [...written],
    ensure: async (effect, rollout) => {
      if (effect.kind === 'apply-objects') {
        await manifests.apply()
        return
      }
      await ensure(effect, rollout, cluster)
      if (effect.kind === 'pre-deploy-job' && rollout.plan.preDeployJob !== null)
        written.add(`${title(rollout.plan.preDeployJob)}, which was started`)
    },
    smoke,
    measure: async (rollout, seen) => {
      const { plan, phase, judgement } = rollout
      const before = { history: () => scrapes.history(plan), reach }
      const begun = await lookedBack(rollout, seen, before)
      if (begun !== null) return begun
      const split = { ...seen.router, weight: shareOf(seen.router), switched: switchedOf(rollout) }
      const reading = await read({ phase, seen, clock }, () => scrapes.next(plan, judgement.readTo, split))
      const next = withSample(judged(judgement, reading, { plan, phase, seen }), reading, { seen, clock })
      const looked = isTimed(rollout) ? await withSoak(next, plan, { cluster, clock }) : next
      const asked = scrapes.memory
      if (asked === undefined || (phase.kind !== 'warm' && phase.kind !== 'compare')) return looked
      const leftMs = Math.max(0, windowMsOf(rollout) - seen.switchedMs)
      return withMemory(looked, { plan, now: clock.now(), leftMs }, () => asked(plan))
    },
  }
}

async function withSoak(
  judgement: Judgement,
  plan: Plan,
  { cluster, clock }: Pick<ClusterAdapterPorts, 'cluster' | 'clock'>,
): Promise<Judgement> {
  const { quiet } = judgement
  if (quiet === undefined) return judgement
  const soak = await observeSoak({ plan, last: quiet.soak, now: clock.now() }, cluster)
  return soak === undefined || soak === quiet.soak ? judgement : { ...judgement, quiet: { ...quiet, soak } }
}
