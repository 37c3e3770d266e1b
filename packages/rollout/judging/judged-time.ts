import type { Rollout } from '../model/rollout.ts'

/** How long the canary has been in its steps until `now`, without the pauses between them; wall ms. */
export function judgedMs({ timeline }: Pick<Rollout, 'timeline'>, now: number): number {
  return timeline.reduce((sum, { phase, at }, i) => {
    return phase.startsWith('step ') ? sum + ((timeline[i + 1]?.at ?? now) - at) : sum
  }, 0)
}
