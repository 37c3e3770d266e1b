import type { Block } from '../input/block.ts'

const ratios = [1.5, 2, 3, 5, 10, 30, 300]

export const errorAlternatives = ratios.length

/**
 * "PoisMix": log-likelihood ratios against H0 "the canary's error rate is at most `margin` times stable's in this block", whatever
 * stable's rate is, for canaries that fail 1.5 to 300 times as often as that. null: one arm had no request, the block says nothing.
 * Valid because E[a^x_c b^x_s] <= exp(n_c p_c (a-1) + n_s p_s (b-1)) and margin n_c (a-1) + n_s (b-1) = 0.
 * `phi` >= 1 is the dispersion. Source: Turner, Ly and Grunwald, JSPI 2024; Lindon and Malek, NeurIPS 2022.
 */
export function errorTerms(block: Block, margin: number, phi: number): readonly number[] | null {
  const { canary, stable } = block
  if (canary.requests === 0 || stable.requests === 0) return null
  const expected = canary.requests * margin
  return ratios.map((ratio) => {
    const b = (expected + stable.requests) / (expected * ratio + stable.requests)
    const a = ratio * b
    return (canary.errors * Math.log(a) + stable.errors * Math.log(b)) / phi
  })
}
