import type { RolloutPorts } from '@alt-las/rollout'
import type { Ports } from '../ports.ts'
import { progressLog } from '../summary/progress-log.ts'

/** What the engine needs: the ports with a log of each rollout's progress. */
export const rolloutPorts = (ports: Ports): RolloutPorts => ({
  ...ports,
  progressLog: () => progressLog(ports.log, ports.clock),
})
