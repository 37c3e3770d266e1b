import { Failure, asFailure, describe } from '@alt-las/failure'
import { leftBehind } from '../decide/left-behind.ts'
import { nameOf } from '../model/phase.ts'
import { type Rollout, enter, withWritten } from '../model/rollout.ts'
import { factsOf } from '../strategies/phases.ts'
import { versionNames } from '../strategies/strategies.ts'
import { type ReconcilePorts, type Reconciled, reconcile } from './reconcile.ts'

/**
 * Drives the rollout once it is made ready; where something breaks on the way and there is still a way back, takes it: traffic to stable, canary
 * away. Throws the Failure that broke it, which says what state is left.
 */
export async function reconcileOrRevert(
  start: Rollout,
  makeReady: () => Promise<void>,
  ports: ReconcilePorts,
): Promise<Reconciled> {
  try {
    await makeReady()
    return await reconcile(start, ports)
  } catch (error) {
    // Whoever lost the lease or the state must not write another byte.
    if (fenced.has(asFailure(error).code)) throw error
    throw told(error, await bringBack(error, ports))
  }
}

const fenced = new Set(['lease-lost', 'state-changed', 'bad-state'])

/** One sentence on what is left. */
async function bringBack(error: unknown, ports: ReconcilePorts): Promise<string> {
  const again = 'run it again: it continues from there'
  let traffic = ''
  try {
    await ports.journal.keep()
    const known = await ports.journal.find()
    if (known === null) return 'nothing was begun'
    if (!factsOf(known.phase).revertsWhenBroken) return `the rollout is in ${nameOf(known.phase)}; ${again}`
    if (factsOf(known.phase).mayLeaveTraffic)
      traffic = `, ${versionNames(known.plan).fresh} may still have traffic`
    const because = `broken off: ${describe(error)}`
    const back = enter(
      withWritten(known, ports.adapter.written()),
      { kind: 'revert' },
      { at: ports.clock.now(), weight: 0, because },
    )
    await ports.journal.save(back)
    const { rollout } = await reconcile(back, ports)
    if (rollout.phase.kind === 'done') return leftBehind(rollout) ?? 'everything is as it was before'
    return `the rollout is in ${nameOf(rollout.phase)}; ${again}`
  } catch (second) {
    return `and the way back broke, too (${describe(second)})${traffic}; ${again}`
  }
}

function told(error: unknown, state: string): Failure {
  const failure = asFailure(error)
  return new Failure(failure.code, `${failure.message}; ${state}`, {
    fault: failure.fault,
    cause: failure.cause,
    ...(failure.hint === undefined ? {} : { hint: failure.hint }),
  })
}
