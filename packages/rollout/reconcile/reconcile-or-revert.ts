import { Failure, asFailure, describe } from '@alt-las/failure'
import { leftBehind } from '../decide/left-behind.ts'
import { nameOf } from '../model/phase.ts'
import { type Rollout, enter, withWritten } from '../model/rollout.ts'
import { factsOf } from '../strategies/phases.ts'
import { versionNames } from '../strategies/strategies.ts'
import { outlast } from './outage.ts'
import { type ReconcilePorts, type Reconciled, reconcile } from './reconcile.ts'

/**
 * Reconciles the rollout. If it breaks while a rollback is still possible, it rolls back: traffic to stable, canary
 * removed. Throws the Failure that broke it, with the state left.
 */
export async function reconcileOrRevert(
  start: Rollout,
  makeReady: () => Promise<void>,
  ports: ReconcilePorts,
): Promise<Reconciled> {
  let last = start
  const log: ReconcilePorts['log'] = (decision, rollout, seen) => {
    last = rollout
    ports.log(decision, rollout, seen)
  }
  try {
    await makeReady()
    return await reconcile(start, { ...ports, log })
  } catch (error) {
    // A run without the lease or the state must not write any more.
    if (fenced.has(asFailure(error).code)) throw error
    throw withState(error, await bringBack(error, last, ports))
  }
}

/** A rollback after the run's timeout waits this long for an API server that does not answer. */
const outageMs = 60_000

const fenced = new Set(['lease-lost', 'state-changed', 'bad-state'])

/** One sentence on the state left. `last` is the rollout when it broke, in case the state cannot be read any more. */
async function bringBack(error: unknown, last: Rollout, ports: ReconcilePorts): Promise<string> {
  const again = 'run it again: it continues from there'
  let traffic = trafficOf(last)
  const { clock, interrupted, journal, line } = ports
  const patiently = <T>(work: () => Promise<T>): Promise<T> =>
    outlast(work, { clock, interrupted, line, until: clock.elapsed() + outageMs })
  try {
    await patiently(() => journal.keep())
    const known = await patiently(() => journal.find())
    if (known === null) return 'nothing was begun'
    if (!factsOf(known.phase).revertsWhenBroken) return `the rollout is in ${nameOf(known.phase)}; ${again}`
    traffic = trafficOf(known)
    const because = `broken off: ${describe(error)}`
    const back = enter(
      withWritten(known, ports.adapter.written()),
      { kind: 'revert' },
      { at: clock.now(), weight: 0, because },
    )
    await patiently(() => journal.save(back))
    const { rollout } = await reconcile(back, ports)
    if (rollout.phase.kind === 'done') return leftBehind(rollout) ?? 'everything is as it was before'
    return `the rollout is in ${nameOf(rollout.phase)}; ${again}`
  } catch (second) {
    return `and the rollback failed, too (${describe(second)})${traffic}; ${again}`
  }
}

const trafficOf = ({ phase, plan }: Rollout): string =>
  factsOf(phase).mayLeaveTraffic ? `, ${versionNames(plan).fresh} may still have traffic` : ''

function withState(error: unknown, state: string): Failure {
  const failure = asFailure(error)
  return new Failure(failure.code, `${failure.message}; ${state}`, {
    fault: failure.fault,
    cause: failure.cause,
    ...(failure.hint === undefined ? {} : { hint: failure.hint }),
  })
}
