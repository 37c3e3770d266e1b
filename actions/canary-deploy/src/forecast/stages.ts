import { type Plan, mostProven, mostUnproven } from '@alt-las/rollout'
import { replicasFor } from '@alt-las/routers'

/** One stage of the rollout. */
export interface Stage {
  readonly name: string
  /** The new version's share of the traffic in percent; null where no router splits it. */
  readonly weight: number | null
  /** Pods of the old version, and of the new one. */
  readonly old: number
  readonly fresh: number
  /** At least, in ms; readiness of pods comes on top. */
  readonly lastsMs: number
}

export interface Size {
  /** Pods that serve now; 0: a first installation. */
  readonly replicas: number
  /** The workload's replicas at the end. */
  readonly wanted: number
}

/** Pure: the stages of a rollout without any problem. */
export function stagesOf(plan: Plan, { replicas, wanted }: Size): readonly Stage[] {
  if (replicas === 0) return [{ name: 'install', weight: null, old: 0, fresh: wanted, lastsMs: 0 }]
  if (plan.strategy === 'rolling')
    return [{ name: 'roll', weight: null, old: replicas, fresh: wanted, lastsMs: 0 }]
  const full = Math.max(replicasFor(plan, 100, replicas), wanted)
  const at = (name: string, weight: number, fresh: number, lastsMs = 0): Stage => ({
    name,
    weight,
    old: replicas,
    fresh,
    lastsMs,
  })
  const first = replicasFor(plan, plan.ramp === 'auto' ? 0.1 : (plan.steps[0]?.weight ?? 100), replicas)
  const preview = at('prepare', 0, plan.strategy === 'blue-green' ? full : first)
  const steps = plan.steps.flatMap(({ weight, holdMs, pause }, index) => {
    const fresh = replicasFor(plan, weight, replicas)
    const step = at(`step ${index + 1}`, weight, fresh, holdMs)
    return pause === true ? [step, at('pause for promote', weight, fresh)] : [step]
  })
  return [
    preview,
    ...(plan.pauseAtPreview ? [{ ...preview, name: 'pause for promote' }] : []),
    ...(plan.ramp === 'auto' ? ramp(at, (weight) => replicasFor(plan, weight, replicas), plan) : steps),
    at('all traffic', 100, full, standsByMs(plan)),
    { ...at('the workload itself', 100, full), old: 0, fresh: full + wanted },
    { ...at('done', 100, wanted), old: 0 },
  ]
}

/** The landmarks of the adaptive ramp; the traffic decides the weights between them. */
function ramp(
  at: (name: string, weight: number, fresh: number, lastsMs?: number) => Stage,
  fresh: (weight: number) => number,
  { judging }: Plan,
): readonly Stage[] {
  return [
    at('ramp, until the proof', mostUnproven, fresh(mostUnproven)),
    at('bake', mostProven, fresh(mostProven), judging.bakeMs),
  ]
}

function standsByMs({ kind, strategy, rollbackWindowMs, judging }: Plan): number {
  if (kind === 'rollback') return 0
  return strategy === 'blue-green' ? Math.max(rollbackWindowMs, judging.bakeMs) : rollbackWindowMs
}

interface Surging {
  readonly strategy?: {
    readonly type?: string
    readonly rollingUpdate?: { readonly maxSurge?: number | string }
  }
  readonly updateStrategy?: { readonly rollingUpdate?: { readonly maxSurge?: number | string } }
}

/** The peak number of pods: both versions, plus the surge of the workload's own update. */
export function peakOf(plan: Plan, size: Size): number {
  const { replicas, wanted } = size
  const most = Math.max(replicas, wanted)
  const surge = surgeOf(plan, most)
  const beside =
    plan.strategy === 'rolling' || replicas === 0 ? 0 : Math.max(replicasFor(plan, 100, replicas), wanted)
  const extras = (plan.preDeployJob === null ? 0 : 1) + (plan.watchdogImage === null || beside === 0 ? 0 : 1)
  return beside + most + (replicas === 0 ? 0 : surge) + extras
}

function surgeOf({ workload, desired }: Plan, replicas: number): number {
  const { strategy, updateStrategy } = desired.spec as Surging
  if (workload === 'StatefulSet') return 0
  if (workload === 'DaemonSet') return numberOf(updateStrategy?.rollingUpdate?.maxSurge ?? 0, replicas)
  // Recreate removes the old pods first, so it never adds to the peak.
  return strategy?.type === 'Recreate' ? 0 : numberOf(strategy?.rollingUpdate?.maxSurge ?? '25%', replicas)
}

function numberOf(surge: number | string, replicas: number): number {
  return typeof surge === 'number' ? surge : Math.ceil((Number.parseFloat(surge) / 100) * replicas)
}
