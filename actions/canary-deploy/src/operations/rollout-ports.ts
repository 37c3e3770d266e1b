import type { Board, RolloutPorts } from '@alt-las/rollout'
import type { Ports } from '../ports.ts'
import { progressLog } from '../summary/progress-log.ts'

/** A release of several targets: the more there are, the less often each repeats itself. */
interface OfRelease {
  readonly targets: number
  readonly board: Board
}

/** The engine's ports: with a log of each rollout's progress, which `follow` gets too. */
export const rolloutPorts = (ports: Ports, release?: OfRelease): RolloutPorts => ({
  ...ports,
  progressLog: () => {
    const log = progressLog(ports.log, ports.clock, release?.targets ?? 1)
    return (decision, rollout, observed) => {
      log(decision, rollout, observed)
      release?.board.follow(decision, rollout, observed)
      ports.follow?.(rollout, decision.because)
    }
  },
})
