// How much counts vary from block to block, and how many of the last blocks are alike.
interface Counts {
  readonly requests: number
  readonly errors: number
}

/**
 * Variation of the error rate from block to block, relative to independent requests: 1 = the same. From neighbouring blocks,
 * so that a slow drift does not count. NaN where there is nothing to compare. Source: the mean square successive difference, von Neumann 1941.
 */
export function jumps(blocks: readonly Counts[]): number {
  const p = rate(blocks)
  const terms = blocks.slice(1).flatMap((block, i) => {
    const before = blocks[i]
    if (before === undefined || before.requests === 0 || block.requests === 0) return []
    const difference = block.errors / block.requests - before.errors / before.requests
    return [difference ** 2 / (p * (1 - p) * (1 / block.requests + 1 / before.requests))]
  })
  return terms.reduce((sum, term) => sum + term, 0) / terms.length
}

const windows = 8

/** phi of a history of stable-only blocks: the sixth smallest of eight windows, so that one incident in it does not count; 1 to 50. */
export function dispersion(blocks: readonly Counts[]): number {
  const errors = blocks.reduce((sum, block) => sum + block.errors, 0)
  if (errors < 5) return 1
  if (blocks.length < 80 || errors < 40) return clamp(jumps(blocks))
  const size = blocks.length / windows
  const each = Array.from({ length: windows }, (_, i) =>
    jumps(blocks.slice(Math.floor(i * size), Math.floor((i + 1) * size))),
  )
  // A window without an error counts as calm.
  const sorted = each.map((value) => (Number.isFinite(value) ? value : 0)).sort((one, other) => one - other)
  return clamp(sorted[5] ?? 1)
}

/** One-sided 95 %: a history within chance is calm. */
const chance = 1.645

/**
 * The judge's phi: 1 if the whole history varies no more than independent requests, within the error of that estimate; the
 * windows' own noise, of which `dispersion` takes the upper part, would otherwise slow every decision down. Else `dispersion`.
 */
export function historyDispersion(blocks: readonly Counts[]): number {
  const errors = blocks.reduce((sum, block) => sum + block.errors, 0)
  // Neighbouring differences share a block: their squares' mean has variance (3 + 1/errors per block) / blocks.
  const error = Math.sqrt((3 + blocks.length / errors) / blocks.length)
  return jumps(blocks) <= 1 + chance * error ? 1 : dispersion(blocks)
}

/**
 * phi from the series of single pods: blind to what they all share. `blocks` holds each block's pods, in any order. Source: Pearson's
 * statistic over its expectation, given each block's total.
 */
export function podDispersion(blocks: readonly (readonly Counts[])[]): number {
  let [above, below] = [0, 0]
  for (const pods of blocks) {
    const n = pods.reduce((sum, { requests }) => sum + requests, 0)
    const k = pods.reduce((sum, { errors }) => sum + errors, 0)
    if (n < 2) continue
    for (const { requests, errors } of pods) {
      above += (errors - (requests * k) / n) ** 2
      below += (requests * (n - requests) * k * (n - k)) / (n * n * (n - 1))
    }
  }
  return above / below
}

function rate(blocks: readonly Counts[]): number {
  const n = blocks.reduce((sum, { requests }) => sum + requests, 0)
  return blocks.reduce((sum, { errors }) => sum + errors, 0) / n
}

const clamp = (value: number): number => (Number.isFinite(value) ? Math.min(50, Math.max(1, value)) : 1)
