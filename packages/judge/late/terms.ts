import type { Counts } from '../input/block.ts'

const errorRatios = [1.5, 2, 3, 5, 10, 30, 100]
const missingShares = [0.02, 0.1, 0.25]

export const lateErrorAlternatives = errorRatios.length
export const lateTrafficAlternatives = missingShares.length

/** Fewer requests than this part of the usual ones are a reason to look; traffic itself swings. */
const usualPart = 0.5
/** Requests arrive in bursts: their number varies more than independent ones. */
const trafficPhi = 2

/**
 * One version alone against H0 "it fails at most `rate` of its requests": l_k = [x ln rho_k - n rate (rho_k - 1)] / phi. Valid because
 * E[rho^x] = (1 + p (rho - 1))^n <= exp(n p (rho - 1)) for every p <= rate; `rate` must come from the past only.
 * Source: Shin, Ramdas and Rinaldo 2023 (e-detectors); Wald 1945. null without a request.
 */
export function lateErrorTerms(
  { requests, errors }: Counts,
  { rate, phi }: { readonly rate: number; readonly phi: number },
): readonly number[] | null {
  if (requests === 0) return null
  return errorRatios.map((ratio) => (errors * Math.log(ratio) - requests * rate * (ratio - 1)) / phi)
}

/**
 * Requests that a version finishes against H0 "at least half of the `expected` ones", for one that finishes 2, 10 or 25 % of them: a version
 * that hangs has no errors. Poisson likelihood ratios, which fall as more requests come. null where none is expected.
 */
export function lateTrafficTerms(requests: number, expected: number): readonly number[] | null {
  if (!(expected > 0)) return null
  return missingShares.map(
    (share) => (requests * Math.log(share / usualPart) + expected * (usualPart - share)) / trafficPhi,
  )
}
