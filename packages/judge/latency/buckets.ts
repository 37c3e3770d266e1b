import type { Histogram } from '../input/block.ts'

/** More buckets add no information, and the state must stay small. */
const mostBounds = 120

/**
 * The finite bounds that latency is judged on: neighbours lie at least `ratio` apart, so that a latency which grows by the tolerance moves up
 * by one bucket and no further. Fewer than two bounds are too coarse to judge by.
 */
export function usableBounds(bounds: readonly number[], ratio: number): readonly number[] {
  const finite = bounds.filter((bound) => bound < Infinity)
  const [first = 1, last = 1] = [finite[0], finite.at(-1)]
  const apart = Math.max(ratio * (1 - 1e-9), (last / first) ** (1 / mostBounds))
  const usable: number[] = []
  for (const bound of finite) {
    if (bound >= (usable.at(-1) ?? 0) * apart) usable.push(bound)
  }
  return usable
}

/** Counts per usable bucket; null where a bucket with counts lies across a usable bound: the layout is another one. */
export function rebucket(histogram: Histogram, usable: readonly number[]): readonly number[] | null {
  const { bounds, counts } = histogram
  // The usual case: nothing to merge.
  if (counts.length === usable.length + 1 && usable.every((bound, j) => bound === bounds[j])) return counts
  const merged = Array.from({ length: usable.length + 1 }, () => 0)
  let at = 0
  for (let j = 0; j < counts.length; j += 1) {
    const [low, high] = [bounds[j - 1] ?? 0, bounds[j] ?? Infinity]
    while (at < usable.length && (usable[at] ?? Infinity) <= low) at += 1
    const count = counts[j] ?? 0
    if (count === 0) continue
    if ((usable[at] ?? Infinity) < high) return null
    merged[at] = (merged[at] ?? 0) + count
  }
  return merged
}
