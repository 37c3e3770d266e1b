import type { RolloutPorts } from '@alt-las/rollout'
import type { Ports } from '../ports.ts'
import { progressLog } from '../summary/progress-log.ts'

/** The engine's ports: with a log of each rollout's progress, which `follow` gets too. */
export const rolloutPorts = (ports: Ports): RolloutPorts => ({
  ...ports,
  progressLog: () => {
    const log = progressLog(ports.log, ports.clock)
    return (decision, rollout, observed) => {
      log(decision, rollout, observed)
      ports.follow?.(rollout, decision.because)
    }
  },
})
