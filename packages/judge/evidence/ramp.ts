const deltas = [0.0002, 0.0005, 0.001, 0.002, 0.004, 0.008, 0.015, 0.03, 0.06, 0.12, 0.25, 0.5, 0.8]

/** The logarithms of two products for each excess; JSON. */
export type Excess = readonly (readonly [number, number])[]

export const noExcess: Excess = deltas.map(() => [0, 0])

interface Counts {
  readonly requests: number
  readonly errors: number
}

/** One block, with `rate` = stable's rate as known before it. Blocks without a request to stable are ignored. */
export function addExcess(
  excess: Excess,
  { canary, stable }: { readonly canary: Counts; readonly stable: Counts },
  { rate, phi }: { readonly rate: number; readonly phi: number },
): Excess {
  if (stable.requests === 0) return excess
  const perStable = canary.requests / stable.requests
  const log = (delta: number, a: number): number => {
    const b = 1 + perStable * (1 - a)
    const seen = logOf(canary.errors, a) + logOf(stable.errors, b)
    return (seen + canary.requests * delta * (1 - a)) / phi
  }
  return excess.map(([one, other], k) => {
    const delta = deltas[k] ?? 1
    const near = rate / (rate + delta)
    return [one + log(delta, near), other + log(delta, (near + 1) / 2)]
  })
}

const logOf = (errors: number, factor: number): number => (errors === 0 ? 0 : errors * Math.log(factor))

/**
 * U: with 1 - beta, at every look, the canary fails at most this much more often than stable; 1 while nothing is known.
 * Every excess that is still possible is tested by itself; source: Grunwald, de Heide and Koolen, JRSS-B 2024; Turner and Grunwald,
 * arXiv 2203.09785.
 */
export function upperBound(excess: Excess, beta: number): number {
  let bound = 1
  for (let k = deltas.length - 1; k >= 0; k -= 1) {
    const [one, other] = excess[k] ?? [0, 0]
    if ((Math.exp(one) + Math.exp(other)) / 2 < 1 / beta) break
    bound = deltas[k] ?? bound
  }
  return bound
}
