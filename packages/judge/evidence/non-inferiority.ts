interface Counts {
  readonly requests: number
  readonly errors: number
}

/** Stable's error rate, from the last half minutes and the history; JSON. */
export interface Rate {
  readonly errors: number
  readonly requests: number
  /** Of the history before the canary. */
  readonly prior: number
}

/** Weight of the history in requests. */
const priorRequests = 2000
const halfLifeMs = 30_000

export const beginRate = (history: Counts): Rate => ({
  errors: 0,
  requests: 0,
  prior: (history.errors + 0.5) / (history.requests + 100),
})

export const rateOf = ({ errors, requests, prior }: Rate): number =>
  (errors + priorRequests * prior) / (requests + priorRequests)

/** After the block was used: the rate comes from the past only. */
export function learnRate(rate: Rate, stable: Counts, lastedMs: number): Rate {
  const kept = 0.5 ** (lastedMs / halfLifeMs)
  return {
    ...rate,
    errors: kept * rate.errors + stable.errors,
    requests: kept * rate.requests + stable.requests,
  }
}

export interface Margin {
  /** r1: times stable's rate. */
  readonly ratio: number
  /** d: plus this much, absolute. */
  readonly difference: number
  readonly phi: number
}

/** The logarithm of two products, of which the canary is at stable's rate, and at 0.6 of it. */
export type Proof = readonly [number, number]
export const noProof: Proof = [0, 0]

/** ln of their mean: proven at ln(1/beta). */
export function proofValue([one, other]: Proof): number {
  const most = Math.max(one, other)
  return most + Math.log((Math.exp(one - most) + Math.exp(other - most)) / 2)
}

/**
 * One block against H0' "the canary fails at least ratio times stable's rate plus difference": only a proof that it does not allows a
 * promotion. Source: Turner, Ly and Grunwald, JSPI 2024; Turner and Grunwald, arXiv 2203.09785.
 */
export function prove(
  proof: Proof,
  block: { readonly canary: Counts; readonly stable: Counts },
  at: Margin & { readonly rate: number },
): Proof {
  return [proof[0] + proofTerm(block, at, at.rate), proof[1] + proofTerm(block, at, at.rate * 0.6)]
}

/** ln of one block's factor, for a canary that fails at `canaryRate`. */
export function proofTerm(
  { canary, stable }: { readonly canary: Counts; readonly stable: Counts },
  { ratio, difference, phi, rate }: Margin & { readonly rate: number },
  canaryRate: number,
): number {
  if (canaryRate >= ratio * rate + difference) return 0
  const s = hardest({ nc: canary.requests, ns: stable.requests, qc: canaryRate, qs: rate, ratio, difference })
  const c = ratio * s + difference
  const log = binomialRatio(canary, canaryRate, c) + binomialRatio(stable, rate, s)
  return Math.log(0.995 * Math.exp(Math.min(700, log / phi)) + 0.005)
}

interface Edge {
  readonly nc: number
  readonly ns: number
  readonly qc: number
  readonly qs: number
  readonly ratio: number
  readonly difference: number
}

/** The point of the null's edge that is closest to the data, by bisection of the derivative. */
function hardest({ nc, ns, qc, qs, ratio, difference }: Edge): number {
  const slope = (s: number) => {
    const c = ratio * s + difference
    return (nc * ratio * (qc - c)) / (c * (1 - c)) + (ns * (qs - s)) / (s * (1 - s))
  }
  let low = Math.max(1e-12, (qc - difference) / ratio)
  // An error rate is at most 1: the edge ends there.
  let high = Math.min(qs, (1 - 1e-12 - difference) / ratio)
  for (let i = 0; i < 200 && high - low > Number.EPSILON * high; i += 1) {
    const middle = (low + high) / 2
    if (slope(middle) > 0) low = middle
    else high = middle
  }
  return (low + high) / 2
}

function binomialRatio({ requests, errors }: Counts, truth: number, edge: number): number {
  const failed = errors === 0 ? 0 : errors * Math.log(truth / edge)
  const fine = requests === errors ? 0 : (requests - errors) * Math.log((1 - truth) / (1 - edge))
  return failed + fine
}
