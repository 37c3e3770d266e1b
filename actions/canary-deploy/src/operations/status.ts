import { targetWeightOf, nameOf, type Rollout, findStates, nameOfTargets, strategyOf } from '@alt-las/rollout'
import { audienceWords, routerFor } from '@alt-las/routers'
import { Failure } from '@alt-las/failure'
import { evidenceOf } from '../evidence.ts'
import type { StatusInputs } from '../operation.ts'
import { unreadableTarget, verdictOf, type CanaryOutcome, type TargetResult } from '../outcome.ts'
import type { Ports } from '../ports.ts'

/** The state of every target; reads only. */
export async function status(inputs: StatusInputs, ports: Ports): Promise<CanaryOutcome> {
  const { states, unreadable } = await findStates(inputs, ports.cluster)
  const known = await Promise.all(states.map((state) => targetStatusNow(state, ports.cluster)))
  const targets = [...known, ...unreadable.map(unreadableTarget)]
  const sentences = [
    ...states.map((state, index) => sentence(state, known[index]?.weight ?? 0)),
    ...unreadable.map(({ deployment, because }) => `${deployment}: ${because}`),
  ]
  return {
    kind: 'passed',
    because:
      sentences.length > 0
        ? sentences.join('; ')
        : `${nameOfTargets(inputs)} was never rolled out: its first deploy will be a first installation`,
    subject: { target: nameOfTargets(inputs) },
    evidence: evidenceOf('status', targets),
    targets,
  }
}

/** With the live weight if it can be read: a run may have ended before it was recorded. */
async function targetStatusNow(state: Rollout, cluster: Ports['cluster']): Promise<TargetResult> {
  const target = targetStatus(state)
  if (state.phase.kind === 'done' || state.plan.router === 'none') return target
  try {
    const { weight } = await routerFor(state.plan.router, cluster).observe(state.plan, targetWeightOf(state))
    return { ...target, weight: weight ?? target.weight }
  } catch (error) {
    if (error instanceof Failure) return target
    throw error
  }
}

/** A recorded state as a result. */
export function targetStatus(state: Rollout): TargetResult {
  const { plan, releases, baseline, phase, because } = state
  const current = releases.list.find((one) => one.release === releases.current)
  return {
    namespace: plan.namespace,
    deployment: plan.deployment,
    verdict: verdictOf(phase),
    because,
    image: current?.image ?? plan.image,
    previousImage: baseline.image,
    release: releases.current ?? plan.release,
    weight: phase.kind === 'done' ? 0 : (state.timeline.at(-1)?.weight ?? 0),
    rollout: state,
  }
}

function sentence({ plan, phase, releases }: Rollout, weight: number): string {
  const share =
    strategyOf(plan).traffic === 'by-update'
      ? ''
      : ` with ${weight}% of the traffic${audienceIn(plan, phase)}`
  const last =
    phase.kind === 'done'
      ? `last rollout ${nameOf(phase)}`
      : `a ${plan.strategy} rollout to ${plan.release} is in ${nameOf(phase)}${share}`
  return `${plan.deployment} runs ${releases.current ?? 'no recorded release'}, ${last}`
}

/** Where it is promoted or not begun, its audience meets what everybody meets. */
function audienceIn({ audience }: Rollout['plan'], phase: Rollout['phase']): string {
  const hasIt =
    phase.kind === 'audience' ||
    phase.kind === 'step' ||
    (phase.kind === 'paused' && typeof phase.at === 'number')
  return audience !== undefined && hasIt ? `, and its audience: ${audienceWords(audience)}` : ''
}
