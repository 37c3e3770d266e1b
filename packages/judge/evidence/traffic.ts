import type { Block } from '../input/block.ts'

const shares = [0.02, 0.2, 0.45]
const healthyShare = 0.7

export const trafficAlternatives = shares.length

/**
 * A hung canary has no errors, but it answers fewer requests than its weight predicts. Log-likelihood ratios of "the canary
 * finishes 2, 20 or 45 % of its share" against "at least 70 %", given the requests of both arms. null if the weight is no evidence.
 * Source: Wald 1945, of the split given the total; the null is all of 70 % and more, since the ratios fall as the canary finishes more.
 */
export function trafficTerms({ canary, stable, weight }: Block): readonly number[] | null {
  if (weight === null || weight <= 0 || weight >= 1 || canary.requests + stable.requests === 0) return null
  const theta = (m: number) => (m * weight) / (m * weight + 1 - weight)
  const healthy = theta(healthyShare)
  return shares.map(
    (m) =>
      canary.requests * Math.log(theta(m) / healthy) +
      stable.requests * Math.log((1 - theta(m)) / (1 - healthy)),
  )
}

/** How many requests the canary should have had, were its share what was set: from stable's, since a hung canary finishes none. */
export function expectedRequests({ stable, weight }: Block): number {
  return weight === null || weight >= 1 ? 0 : (stable.requests * weight) / (1 - weight)
}
