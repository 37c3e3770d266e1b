import { type Plan, type Size, loadAt, mostProven, mostUnproven, strategyOf } from '@alt-las/rollout'
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

/** Pure: the stages of a rollout without any problem. */
export function stagesOf(plan: Plan, { replicas, wanted }: Size): readonly Stage[] {
  if (replicas === 0) return [{ name: 'install', weight: null, old: 0, fresh: wanted, lastsMs: 0 }]
  const { hasSecondVersion, traffic } = strategyOf(plan)
  if (!hasSecondVersion) {
    const roll = { name: 'roll', weight: null, old: replicas, fresh: wanted, lastsMs: 0 }
    return plan.smoke === undefined ? [roll] : [{ ...roll, name: 'smoke', fresh: 1 }, roll]
  }
  const fresh = (weight: number) => replicasFor(plan, loadAt({ plan, judgement: null }, weight), replicas)
  const full = Math.max(replicasFor(plan, 100, replicas), wanted)
  const at = (name: string, weight: number, fresh: number, lastsMs = 0): Stage => ({
    name,
    weight,
    old: replicas,
    fresh,
    lastsMs,
  })
  const first = fresh(plan.ramp === 'auto' ? 0.1 : (plan.steps[0]?.weight ?? 100))
  const { audience } = plan
  const preview = at('prepare', 0, traffic === 'at-once' ? full : first)
  const steps = plan.steps.flatMap(({ weight, holdMs, pause }, index) => {
    const step = at(`step ${index + 1}`, weight, fresh(weight), holdMs)
    return pause === true ? [step, { ...step, name: 'pause for promote', lastsMs: 0 }] : [step]
  })
  return [
    preview,
    ...(plan.smoke === undefined ? [] : [{ ...preview, name: 'smoke' }]),
    ...(plan.pauseAtPreview ? [{ ...preview, name: 'pause for promote' }] : []),
    ...(audience === undefined ? [] : [{ ...preview, name: 'audience', lastsMs: audience.holdMs }]),
    ...(plan.ramp === 'auto' ? ramp(at, fresh, plan) : steps),
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

function standsByMs(plan: Plan): number {
  const { kind, rollbackWindowMs, judging } = plan
  if (kind === 'rollback') return 0
  return strategyOf(plan).traffic === 'at-once'
    ? Math.max(rollbackWindowMs, judging.bakeMs)
    : rollbackWindowMs
}
