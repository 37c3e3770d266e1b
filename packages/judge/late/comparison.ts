import { latencyAlternatives } from '../latency/edge.ts'
import { restartingMixture } from '../evidence/mixture.ts'
import { type State, unseen } from '../verdict/state.ts'

/** Of the risk: nine tenths for the first comparison, nine tenths of the rest for the next, so that all of them together stay within it. */
const spent = 0.9

/**
 * The judge for the `attempt`-th (from 1 on) comparison side by side after a suspicion: what it knows about stable and about the dispersion stays; evidence and proofs begin
 * again, since the question is a new one. All comparisons of a rollout together have `risk` once more. `risk`: the rollout's.
 * `horizon`: blocks of the comparison.
 */
export function beginComparison(
  state: State,
  { attempt, risk, horizon }: { readonly attempt: number; readonly risk: number; readonly horizon: number },
): State {
  const { settings, latency } = state
  return {
    ...state,
    settings: { ...settings, risk: risk * spent * (1 - spent) ** (attempt - 1), horizon, bake: 0 },
    ...unseen(),
    latency: {
      ...latency,
      mixture: restartingMixture(latencyAlternatives),
      proofs: latency.proven.map(() => 0),
      recent: { canary: [], stable: [] },
    },
  }
}
