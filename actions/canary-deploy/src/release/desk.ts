import { Failure, interruption } from '@alt-las/failure'
import type { SharedCache } from '@alt-las/kubernetes'
import type { Board, Holding, RolloutPorts } from '@alt-las/rollout'
import type { Ports } from '../ports.ts'
import type { CheckedTarget } from './check-release.ts'

/** A release whose targets are all checked and held. */
export interface Begun {
  readonly release: string
  readonly board: Board
  readonly holdings: ReadonlyMap<string, Holding>
  /** ms of the clock's `elapsed` at which the release's time is over. */
  readonly until: number
  readonly watching: SharedCache['part']
  /** An earlier run of this release has left a target unfinished. */
  readonly isResumed: boolean
}

/** What one target works with. */
export interface Desk extends Begun {
  readonly target: CheckedTarget
  readonly holding: Holding
  readonly ports: Ports
  readonly engine: RolloutPorts
  /** Deployments whose rollouts have not ended. */
  readonly open: Set<string>
}

const idleMs = 1000

/** Holds the target meanwhile. Throws Failure `interrupted`, `timeout` or `lease-lost`. */
export async function idleUntil(
  isOver: () => boolean,
  { holding, ports, until, target }: Pick<Desk, 'holding' | 'ports' | 'until' | 'target'>,
): Promise<void> {
  const { clock, interrupted } = ports
  const { deployment } = target.plan
  while (!isOver()) {
    if (interrupted.aborted)
      throw interruption(
        interrupted,
        `${deployment} waited for the others`,
        'run it again: it continues from there',
      )
    if (clock.elapsed() >= until)
      throw new Failure('timeout', `${deployment} waited for the others until the end of the time`, {
        fault: 'outside',
        hint: 'raise `timeout`',
      })
    await holding.keep()
    await clock.sleep(idleMs, interrupted).catch(() => undefined)
  }
}
