import type { Block, Counts } from '../input/block.ts'
import { historyDispersion, podDispersion } from './dispersion.ts'

/** phi of the errors and of the latencies, and its source; JSON. */
export interface Spread {
  /**
   * `history`: frozen before the canary's first block. `given`: by the caller. `stable`: 2 at first, without data; drawn towards the value of
   * stable while the canary's weight is small, and then frozen.
   */
  readonly source: 'history' | 'given' | 'stable'
  readonly errors: number
  readonly latency: number
  /** Of the errors, then of each proven latency bound. */
  readonly jumps: readonly Jumps[]
}

/** What the jumps of a rate from block to block add up to. */
interface Jumps {
  readonly last: Counts | null
  readonly pairs: number
  readonly squares: number
  readonly requests: number
  readonly errors: number
}

const unknown = 2
/** A shorter history is not enough for bursts. */
const leastHistory = 36
/** How many pairs of blocks the first guess is worth. */
const guessPairs = 24
/** Up to this weight stable is still what it was. */
export const smallWeight = 0.1
const noJumps: Jumps = { last: null, pairs: 0, squares: 0, requests: 0, errors: 0 }

/** `tails`: the history's answers above each proven latency bound. */
export function beginSpread(
  given: number | null,
  history: readonly Block[],
  tails: readonly (readonly Counts[])[],
): Spread {
  if (given !== null) return { source: 'given', errors: given, latency: given, jumps: [] }
  if (history.length < leastHistory) return { source: 'stable', errors: unknown, latency: unknown, jumps: [] }
  const latency = Math.max(1, ...tails.map(historyDispersion))
  return { source: 'history', errors: ofErrors(history), latency, jumps: [] }
}

function ofErrors(history: readonly Block[]): number {
  const pods = history.map(({ stable }) => stable.pods ?? [])
  if (!pods.every((each) => each.length >= 2)) return historyDispersion(history.map(({ stable }) => stable))
  const phi = podDispersion(pods)
  return Number.isFinite(phi) ? Math.min(50, Math.max(1, phi)) : 1
}

/** After a block was judged, while the weight is small and no history is known: stable's counts above each proven bound in `tails`. */
export function learnSpread(spread: Spread, stable: Counts, tails: readonly Counts[]): Spread {
  if (spread.source !== 'stable') return spread
  const jumps = [stable, ...tails].map((counts, i) => addJump(spread.jumps[i] ?? noJumps, counts))
  const [errors = unknown, ...latencies] = jumps.map(estimate)
  return { ...spread, jumps, errors, latency: latencies.length === 0 ? unknown : Math.max(...latencies) }
}

function addJump(jumps: Jumps, { requests, errors }: Counts): Jumps {
  if (requests === 0) return jumps
  const { last } = jumps
  const square =
    last === null
      ? 0
      : (errors / requests - last.errors / last.requests) ** 2 / (1 / requests + 1 / last.requests)
  return {
    last: { requests, errors },
    pairs: jumps.pairs + (last === null ? 0 : 1),
    squares: jumps.squares + square,
    requests: jumps.requests + requests,
    errors: jumps.errors + errors,
  }
}

function estimate({ pairs, squares, requests, errors }: Jumps): number {
  const p = errors / requests
  if (errors < 5 || errors === requests || pairs === 0) return unknown
  const seen = squares / (p * (1 - p))
  return Math.min(50, Math.max(1, (guessPairs * unknown + seen) / (guessPairs + pairs)))
}
