import { Failure } from '@alt-las/failure'
import { afterPreview } from '../decide/decide-prepare.ts'
import { afterStep } from '../decide/decide-step.ts'
import { afterWarm } from '../decide/decide-warm.ts'
import { beginFigures } from '../judging/judging.ts'
import type { Enter } from '../model/effects.ts'
import { type PausedAt, nameOf } from '../model/phase.ts'
import { type Rollout, enter } from '../model/rollout.ts'
import { factsOf } from '../strategies/phases.ts'

/**
 * Pure: where an unfinished rollout continues by `promote` or `abort`; null if it has ended. `at` in ms since 1970. Throws Failure
 * `cannot-promote` or `cannot-abort` (fault input) with the remedy.
 */
export function continueRollout(known: Rollout, operation: 'promote' | 'abort', at: number): Rollout | null {
  if (known.phase.kind === 'done') return null
  return operation === 'promote' ? promoted(known, at) : aborted(known, at)
}

function promoted(known: Rollout, at: number): Rollout {
  const { phase } = known
  if (phase.kind === 'revert')
    throw no('cannot-promote', known, 'it is being rolled back; run `deploy` again after its end')
  if (known.plan.targets !== undefined && factsOf(phase).wayBack !== 'forward')
    throw no('cannot-promote', known, 'run `deploy` with the same `targets` again: all of them pass together')
  if (factsOf(phase).wayBack === 'none')
    throw no('cannot-promote', known, 'run `deploy` again: its manifests are still to be applied')
  if (phase.kind !== 'paused') return known
  const { phase: next, because } = afterPause(known, phase.at)
  const weight = known.timeline.at(-1)?.weight ?? 0
  const begun = enter(known, next, { at, weight, because: `promoted by hand: ${because}` })
  // A step is judged by its own blocks, whatever came before.
  return { ...begun, judgement: beginFigures(begun.judgement, next) }
}

function afterPause(known: Rollout, at: PausedAt): Enter {
  if (at === 'preview') return afterPreview(known)
  return at === 'warm' ? afterWarm(known) : afterStep(known, at)
}

function aborted(known: Rollout, at: number): Rollout {
  if (known.phase.kind === 'revert') return known
  if (factsOf(known.phase).wayBack === 'forward')
    throw no('cannot-abort', known, 'let `promote` finish it, then use `rollback`: the old pods are gone')
  const weight = known.timeline.at(-1)?.weight ?? 0
  return enter(
    known,
    { kind: 'revert' },
    { at, weight, because: `aborted by hand in ${nameOf(known.phase)}` },
  )
}

const no = (code: string, { plan, phase }: Rollout, hint: string) =>
  new Failure(
    code,
    `${plan.namespace}/${plan.deployment}: the rollout of ${plan.release} is in ${nameOf(phase)}`,
    {
      fault: 'input',
      hint,
    },
  )
