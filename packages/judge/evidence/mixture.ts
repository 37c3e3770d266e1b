// Evidence on errors and traffic, block by block: that the canary is worse, and that it is no worse.
/**
 * A test supermartingale: a mixture over alternatives k with equal prior, which may begin again at every block, so that a fault that comes
 * late is found as fast as one that is there from the start. P(sup value >= 1/alpha) <= alpha under the null.
 * Sources: Ville 1939; Shin, Ramdas and Rinaldo 2023 (e-detectors).
 */
export interface Mixture {
  /** S_k: the evidence of each alternative. */
  readonly states: readonly number[]
  /** The prior mass reserved for future starts. */
  readonly tail: number
  /** Tested blocks so far. */
  readonly tested: number
}

export interface Restarts {
  /** Blocks within `max-duration`; fixed at the start. */
  readonly horizon: number
  /** No single block adds more than this to the logarithm. */
  readonly cap: number
}

/** Without restarts: everything is started at the first block. */
export const plainMixture = (alternatives: number): Mixture => ({
  states: Array.from({ length: alternatives }, () => 1),
  tail: 0,
  tested: 0,
})

export const restartingMixture = (alternatives: number): Mixture => ({
  states: Array.from({ length: alternatives }, () => 0),
  tail: 1,
  tested: 0,
})

/** M after all blocks so far; 1 before the first block. */
export function value(mixture: Mixture): number {
  let sum = 0
  for (const state of mixture.states) sum += state + mixture.tail
  return sum / mixture.states.length
}

/** One tested block: `terms` are the log-likelihood ratios l_k of the alternatives. */
export function step(mixture: Mixture, terms: readonly number[], restarts: Restarts | null): Mixture {
  const share = mixture.tested === 0 ? 0.5 : Math.min(0.5 / (restarts?.horizon ?? 1), mixture.tail)
  const started = restarts === null ? 0 : Math.min(share, mixture.tail)
  const cap = restarts?.cap ?? Infinity
  return {
    states: mixture.states.map((state, k) =>
      grown((state + started) * Math.exp(Math.min(cap, terms[k] ?? 0))),
    ),
    tail: mixture.tail - started,
    tested: mixture.tested + 1,
  }
}

// Far beyond any decision; keeps the state a JSON number.
const grown = (state: number): number => Math.min(state, 1e300)
