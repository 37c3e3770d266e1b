import { aimOf, nameOf, type Rollout, findStates, nameOfTargets } from '@alt-las/rollout'
import { routerFor } from '@alt-las/routers'
import { Failure } from '@alt-las/failure'
import { evidenceOf } from '../evidence.ts'
import type { Inputs } from '../inputs.ts'
import { verdictOf, type CanaryOutcome, type TargetResult } from '../outcome.ts'
import type { Ports } from '../ports.ts'

/** Where every target stands; reads only. */
export async function status(inputs: Inputs, ports: Ports): Promise<CanaryOutcome> {
  const states = await findStates(inputs, ports.cluster)
  const targets = await Promise.all(states.map((state) => standingNow(state, ports.cluster)))
  return {
    kind: 'passed',
    because:
      states.length > 0
        ? states.map((state, index) => sentence(state, targets[index]?.weight ?? 0)).join('; ')
        : `${nameOfTargets(inputs)} was never rolled out: its first deploy will be a first installation`,
    subject: { target: nameOfTargets(inputs) },
    evidence: evidenceOf('status', targets),
    targets,
  }
}

/** With the weight that is really there, where one can be read: a run may have ended before it was noted. */
async function standingNow(state: Rollout, cluster: Ports['cluster']): Promise<TargetResult> {
  const target = standing(state)
  if (state.phase.kind === 'done' || state.plan.router === 'none') return target
  try {
    const { weight } = await routerFor(state.plan.router, cluster).see(state.plan, aimOf(state))
    return { ...target, weight: weight ?? target.weight }
  } catch (error) {
    if (error instanceof Failure) return target
    throw error
  }
}

/** A recorded state as a result. */
export function standing(state: Rollout): TargetResult {
  const { plan, releases, before, phase, because } = state
  const current = releases.list.find((one) => one.release === releases.current)
  return {
    namespace: plan.namespace,
    deployment: plan.deployment,
    verdict: verdictOf(phase),
    because,
    image: current?.image ?? plan.image,
    previousImage: before.image,
    release: releases.current ?? plan.release,
    weight: phase.kind === 'done' ? 0 : (state.timeline.at(-1)?.weight ?? 0),
    rollout: state,
  }
}

function sentence({ plan, phase, releases }: Rollout, weight: number): string {
  const share = plan.strategy === 'rolling' ? '' : ` with ${String(weight)}% of the traffic`
  const last =
    phase.kind === 'done'
      ? `last rollout ${nameOf(phase)}`
      : `a ${plan.strategy} rollout to ${plan.release} stands in ${nameOf(phase)}${share}`
  return `${plan.deployment} runs ${releases.current ?? 'no recorded release'}, ${last}`
}
