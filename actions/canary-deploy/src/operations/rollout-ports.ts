import type { RolloutPorts } from '@alt-las/rollout'
import type { Ports } from '../ports.ts'
import { teller } from '../summary/teller.ts'

/** What the engine needs: the ports with a log of each rollout's progress. */
export const rolloutPorts = (ports: Ports): RolloutPorts => ({
  ...ports,
  progress: () => teller(ports.log, ports.clock),
})
