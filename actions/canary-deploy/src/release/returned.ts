import { Failure, describe } from '@alt-las/failure'
import {
  type Releases,
  type WholeRelease,
  checkConfigs,
  releaseToReturnTo,
  resumeHeld,
  rollOutHeld,
  takenBack,
} from '@alt-las/rollout'
import { resultFor } from '../outcome.ts'
import { planRollback } from '../plan/make-plan.ts'
import type { TargetResult } from '../target-result.ts'
import { type Desk, idleUntil } from './desk.ts'

/**
 * A target that has no old version beside it any more, in a refused release: back by its recorded release, after those that need it. One that was
 * installed by this release is removed again, or is what it was before, if something was there that did not serve.
 */
export async function returned(result: TargetResult, desk: Desk): Promise<TargetResult> {
  const { board, ports, target } = desk
  const { plan: last, checked, inputs } = target
  const { deployment } = last
  const refused = board.refused()
  const why = `${refused?.by ?? ''} of the same release was refused`
  if (isInstalledNow(result, desk)) return removed(result, why, desk)
  const to = before(result, result.rollout?.releases ?? checked.known?.releases, deployment)
  if (to instanceof Failure) {
    board.ended(deployment, 'back', why)
    return { ...result, because: `${result.because}; ${why}, and it stays: ${describe(to)}` }
  }
  await idleUntil(() => board.mayReturn(deployment), desk)
  ports.log.line(`back to ${to.release}: ${why}`)
  const plan = planRollback(last, to, inputs.readyTimeoutMs)
  await checkConfigs(plan, [], ports.cluster)
  const { engine, holding, watching } = desk
  const driven = await rollOutHeld({ plan, others: [], timeoutMs: inputs.timeoutMs }, holding, {
    ...engine,
    watching,
  })
  const back = resultFor(plan, driven)
  board.ended(deployment, 'back', back.because)
  if (back.verdict !== 'promoted' && back.verdict !== 'unchanged') return back
  return {
    ...back,
    verdict: 'rolled-back',
    because: `back on ${to.release}: ${why}`,
    previousImage: last.image,
  }
}

/** By this run, or by the one that it continues: a release that ended well days ago is no part of this one. */
const isInstalledNow = ({ rollout }: TargetResult, { isResumed, target }: Desk): boolean => {
  const known = rollout ?? (isResumed ? target.checked.known : null)
  return known !== null && takenBack(known, { at: 0, because: '' }) !== null
}

async function removed(result: TargetResult, why: string, desk: Desk): Promise<TargetResult> {
  const { board, engine, holding, ports, target, watching } = desk
  const { plan, inputs } = target
  await idleUntil(() => board.mayReturn(plan.deployment), desk)
  const because = `its first installation goes back: ${why}`
  ports.log.line(because)
  const driven = await resumeHeld(plan, holding, {
    ports: { ...engine, watching },
    timeoutMs: inputs.timeoutMs,
    start: (known) => takenBack(known, { at: ports.clock.now(), because }) ?? known,
  })
  const back = resultFor(plan, driven)
  board.ended(plan.deployment, 'back', back.because)
  return { ...back, previousImage: result.previousImage }
}

/** A halted promotion is not recorded yet: the current release is the one before. */
function before(
  { verdict }: TargetResult,
  releases: Releases | undefined,
  deployment: string,
): WholeRelease | Failure {
  try {
    const known = releases ?? { current: null, list: [] }
    return releaseToReturnTo(known, verdict === 'halted' ? known.current : null, deployment)
  } catch (error) {
    if (error instanceof Failure && error.code === 'no-release') return error
    throw error
  }
}
