import type { Versions } from '@alt-las/telemetry'
import type { Rollout } from '../model/rollout.ts'

/** When a blue-green rollout moved all traffic; null while both versions serve, or one of them only waits. */
export function switchedOf({ plan, timeline }: Rollout): Versions['switched'] {
  if (plan.strategy !== 'blue-green') return null
  const begun = timeline.findLast(({ phase }) => phase === 'promote-traffic')?.at
  const done = timeline.findLast(({ phase }) => phase === 'warm')?.at
  return begun === undefined || done === undefined ? null : { begun, done }
}
