import type { Versions } from '@alt-las/telemetry'
import type { Rollout } from '../model/rollout.ts'
import { strategyOf } from '../strategies/strategies.ts'

/** Time of a switch of all traffic; null while both versions serve, or one of them waits. */
export const switchedOf = ({ plan, switchedAt }: Rollout): Versions['switched'] =>
  strategyOf(plan).traffic === 'at-once' ? switchedAt : null
