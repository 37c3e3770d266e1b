import type { Counts } from '../input/block.ts'

// In blocks: the last two, and what is added to them step by step.
const lengths = [2, 6, 12, 30, 60, 180]
/** Standard errors, and the ratio of the odds, beyond which two parts are not alike. */
const leastErrors = 5
const leastRatio = 3

/**
 * How many of the last blocks are like the very last ones: after an incident, or after a bad version was taken back, the half hour before
 * says little about what stable is like now. In a calm history all of them. `phi` is the dispersion. Any choice is valid, since it is made
 * before the canary comes; it decides only how soon a proof is complete.
 */
export function alike(blocks: readonly Counts[], phi: number): number {
  let length = Math.min(2, blocks.length)
  let end = sum(blocks, length, 0)
  for (const wanted of [...lengths.slice(1), blocks.length]) {
    const next = Math.min(wanted, blocks.length)
    const added = sum(blocks, next, length)
    if (differ(end, added, phi)) return length
    end = { requests: end.requests + added.requests, errors: end.errors + added.errors }
    length = next
  }
  return length
}

function differ(one: Counts, other: Counts, phi: number): boolean {
  if (one.requests === 0 || other.requests === 0) return false
  const p = (one.errors + other.errors) / (one.requests + other.requests)
  const variance = p * (1 - p) * (1 / one.requests + 1 / other.requests) * phi
  const distance = one.errors / one.requests - other.errors / other.requests
  const ratio = odds(one) / odds(other)
  return distance ** 2 > leastErrors ** 2 * variance && Math.max(ratio, 1 / ratio) >= leastRatio
}

const odds = ({ requests, errors }: Counts): number => (errors + 0.5) / (requests - errors + 0.5)

/** Of the blocks from `first` before the end on, to `last` before the end. */
function sum(blocks: readonly Counts[], first: number, last: number): Counts {
  let [requests, errors] = [0, 0]
  for (const block of blocks.slice(blocks.length - first, blocks.length - last)) {
    requests += block.requests
    errors += block.errors
  }
  return { requests, errors }
}
