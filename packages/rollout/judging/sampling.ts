import type { Block } from '@alt-las/judge'
import type { Sampling } from '../model/judgement.ts'
import type { Plan } from '../model/plan.ts'

const mostBlocks = 4
const fewestSampled = 2

/** ln of one in a million: the required confidence that a share is not by chance. */
const sure = Math.log(1_000_000)

/** Largest rounding error of routers with whole percents, rounded down. */
const istioSlack = 0.015

/** `whole`: the block began after the weight was accepted; `settled`: some seconds later. */
export function addSample(
  sampling: Sampling,
  { canary, stable }: Pick<Block, 'canary' | 'stable'>,
  {
    weight,
    whole,
    settled,
  }: { readonly weight: number | null; readonly whole: boolean; readonly settled: boolean },
): Sampling {
  const quiet = weight === 0 && whole && canary.requests === 0 ? sampling.quiet + 1 : 0
  if (!settled || weight === null || weight === 0) return { ...sampling, quiet }
  const block = { canary: canary.requests, stable: stable.requests }
  return { blocks: [...sampling.blocks, block].slice(-mostBlocks), quiet }
}

/**
 * Whether a share of `canary` in all requests fits the weight `p` (0..1): beyond the bound with a probability of one in a million at
 * most on each side (Chernoff), for counts that vary `phi` times as much as independent ones.
 */
export function sampled(
  p: number,
  { canary, stable }: { readonly canary: number; readonly stable: number },
  phi: number,
): 'within' | 'above' | 'below' {
  const n = canary + stable
  if (n === 0) return 'within'
  const share = canary / n
  if ((n / Math.max(1, phi)) * divergence(share, p) <= sure) return 'within'
  return share > p ? 'above' : 'below'
}

export interface Sharing {
  /** In percent. */
  readonly weight: number
  /** Other routes, or sticky sessions, also decide who goes where. */
  readonly others: boolean
  /** An audience goes to the canary beside its weight. */
  readonly audience?: boolean
  readonly phi: number
}

/** Why the data plane does not follow the weight; null if it does, or if the data is not enough. */
export function whyOff(
  { router, route }: Pick<Plan, 'router' | 'route'>,
  sampling: Sampling,
  { weight, others, audience, phi }: Sharing,
): string | null {
  // Pods are split by connection, not by request: the endpoints are read back instead.
  if (router === 'replicas' || router === 'service' || sampling.blocks.length < fewestSampled) return null
  const sum = sampling.blocks.reduce((a, b) => ({ canary: a.canary + b.canary, stable: a.stable + b.stable }))
  const verdict = sampled(weight / 100, sum, phi)
  if (verdict === 'within') return null
  if (verdict === 'above' && audience === true) return null
  const slack = router === 'istio' ? istioSlack : 0
  if (verdict === 'below') {
    // Other routes also send to stable, or sessions are sticky: a share below the weight is no fault.
    if (others || route !== null) return null
    if (slack > 0 && sampled(Math.max(0.001, weight / 100 - slack), sum, phi) !== 'below') return null
  }
  const n = sum.canary + sum.stable
  const share = ((100 * sum.canary) / n).toPrecision(3)
  return `the data plane gives the canary ${share} % (${Math.round(sum.canary)} of ${Math.round(n)} requests), expected the weight of ${weight} %`
}

/** Kullback-Leibler, of two Bernoulli variables. */
function divergence(q: number, p: number): number {
  const term = (a: number, b: number) => (a === 0 ? 0 : b === 0 ? Infinity : a * Math.log(a / b))
  return term(q, p) + term(1 - q, 1 - p)
}
