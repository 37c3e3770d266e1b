import { Failure, describe } from '@alt-las/failure'
import { rollOutHeld } from '@alt-las/rollout'
import { saidOf } from '../operations/at-once.ts'
import { rolloutPorts } from '../operations/rollout-ports.ts'
import { resultFor } from '../outcome.ts'
import type { Ports } from '../ports.ts'
import type { TargetResult } from '../target-result.ts'
import type { CheckedTarget } from './check-release.ts'
import { type Begun, type Desk, idleUntil } from './desk.ts'
import { ownPorts } from './own-ports.ts'
import { followProgress } from './progress.ts'
import { returned } from './returned.ts'

/** How one target ended: with a result, or by an error. */
export interface Ended {
  readonly deployment: string
  readonly result: TargetResult | null
  readonly error: unknown
}

/** Rolls all targets out, side by side where they do not need each other. Throws nothing of a target: it is in its end. */
export async function rollOutAll(
  targets: readonly CheckedTarget[],
  begun: Begun,
  ports: Ports,
): Promise<readonly Ended[]> {
  const names = targets.map(({ plan }) => plan.deployment)
  const width = Math.max(begun.release.length, ...names.map((name) => name.length))
  const open = new Set(names)
  const stop = followProgress(names, { ...begun, width }, ports)
  try {
    return await Promise.all(
      targets.map((target) => {
        const own = ownPorts(target.inputs, saidOf(target.plan.deployment, width, ports))
        const holding = begun.holdings.get(target.plan.deployment)
        if (holding === undefined) throw new Failure('not-held', target.plan.deployment, { fault: 'ours' })
        const engine = rolloutPorts(own, { targets: targets.length, board: begun.board })
        return ended({ ...begun, target, holding, ports: own, engine, open })
      }),
    )
  } finally {
    stop()
  }
}

async function ended(desk: Desk): Promise<Ended> {
  const { board, holding, open, target } = desk
  const { deployment } = target.plan
  try {
    return { deployment, result: await rolledOut(desk), error: null }
  } catch (error) {
    board.ended(deployment, 'back', describe(error))
    return { deployment, result: null, error }
  } finally {
    open.delete(deployment)
    await holding.release()
  }
}

async function rolledOut(desk: Desk): Promise<TargetResult> {
  const { board, engine, holding, open, ports, target, until, watching } = desk
  const { plan, others, checked } = target
  const { deployment } = plan
  if (!checked.isUnderWay) await idleUntil(() => board.mayBegin(deployment) || board.refused() !== null, desk)
  if (!checked.isUnderWay && board.refused() !== null) return notBegun(desk)
  const release = () => board.releaseFor(deployment)
  const work = { plan, others, timeoutMs: Math.max(1, until - ports.clock.elapsed()) }
  const driven = checked.isNeeded ? await rollOutHeld(work, holding, { ...engine, release, watching }) : null
  const result = resultFor(plan, driven)
  open.delete(deployment)
  if (result.verdict === 'rolled-back') {
    board.ended(deployment, 'back', result.because)
    return result
  }
  board.ended(deployment, result.verdict === 'halted' ? 'returning' : 'passed', result.because)
  // What comes may still send it back: until then nobody else may deploy it.
  await idleUntil(() => open.size === 0 || board.refused() !== null, desk)
  return board.refused() === null ? result : returned(result, desk)
}

function notBegun({ board, ports, target: { plan, checked } }: Desk): TargetResult {
  const refused = board.refused()
  const because = `it was not begun: ${refused?.by ?? ''} was refused first`
  ports.log.line(because)
  const { current, list } = checked.known?.releases ?? { current: null, list: [] }
  const image = list.find(({ release }) => release === current)?.image ?? null
  board.ended(plan.deployment, 'back', because)
  return {
    namespace: plan.namespace,
    deployment: plan.deployment,
    verdict: 'unchanged',
    because,
    image: image ?? '',
    previousImage: image,
    release: current ?? '',
    weight: 0,
    rollout: null,
  }
}
