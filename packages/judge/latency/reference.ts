import type { Distribution } from './stretch.ts'

/** Past blocks fade by this a block; the distribution is renewed every sixth. */
const fading = 0.998
const renewal = 6

/** Distribution of stable's latencies until now; JSON. */
export interface Reference {
  readonly bounds: readonly number[]
  readonly history: readonly number[]
  readonly q: Distribution
  readonly blocks: number
}

/** Before anything was seen; `history`: stable's counts per bucket in blocks before the canary, oldest first. */
export function beginReference(
  bounds: readonly number[],
  history: readonly (readonly number[])[],
): Reference {
  const seen = Array.from({ length: bounds.length + 1 }, () => 0.05)
  for (const counts of history) {
    for (let j = 0; j < seen.length; j += 1) seen[j] = fading * (seen[j] ?? 0) + (counts[j] ?? 0)
  }
  return { bounds, history: seen, q: normal(seen), blocks: 0 }
}

/** After a block was judged: only the past is ever the reference. */
export function learn(reference: Reference, stable: readonly number[]): Reference {
  const history = reference.history.map((value, j) => fading * value + (stable[j] ?? 0))
  const blocks = reference.blocks + 1
  return { ...reference, history, blocks, q: blocks % renewal === 0 ? normal(history) : reference.q }
}

/** Whether `q` covers all blocks so far. */
export const isRenewed = ({ blocks }: Reference): boolean => blocks % renewal === 0

function normal(counts: readonly number[]): Distribution {
  const sum = counts.reduce((total, count) => total + count, 0)
  return counts.map((count) => count / sum)
}
