import fc from 'fast-check'

/** Uniform numbers in [0, 1), the same for the same seed: for simulated worlds, whose law of large numbers is tested. */
export function uniform(seed: number): () => number {
  const words = fc.infiniteStream(fc.integer({ min: 0, max: 2 ** 32 - 1 }))
  const [stream] = fc.sample(words, { seed, numRuns: 1 })
  return () => (stream?.next().value as number) / 2 ** 32
}
