import { checkBlock, type Block } from './input/block.ts'
import { errorTerms } from './evidence/errors.ts'
import { bucketsOf, foldLatency } from './latency/latency-state.ts'
import { above } from './latency/latency-proof.ts'
import { step, value } from './evidence/mixture.ts'
import { learnRate, prove, rateOf } from './evidence/non-inferiority.ts'
import { addExcess } from './evidence/ramp.ts'
import { learnSpread, smallWeight, type Spread } from './variation/spread.ts'
import { nothing, sumCounts, type State } from './verdict/state.ts'
import { expectedRequests, trafficTerms } from './evidence/traffic.ts'
import { decide, isProven, shown, type Verdict } from './verdict/verdict.ts'
import { pace } from './verdict/weight.ts'

// No single block decides alone.
const cap = 3
/** d of the errors: half a percentage point. */
const difference = 0.005

/** Adds one block to the state and gives the verdict. Deterministic, bit by bit. Throws RangeError for impossible counts. */
export function judge(state: State, block: Block): { readonly state: State; readonly verdict: Verdict } {
  checkBlock(block)
  const next = fold(state, block)
  return { state: next, verdict: decide(next, block) }
}

function fold(state: State, block: Block): State {
  const { settings, spread } = state
  const restarts = { horizon: settings.horizon, cap }
  const errors = errorTerms(block, settings.errorMargin, spread.errors)
  const traffic = settings.expectTraffic ? trafficTerms(block) : null
  const begun = value(state.errors) > 1 ? state.recent : { canary: nothing, stable: nothing }
  const hanging = value(state.traffic) > 1 ? state.recentTraffic : { got: 0, expected: 0 }
  const expected = expectedRequests(block)
  const past = { rate: rateOf(state.rate), phi: spread.errors }
  const lasted = block.to - block.from
  const next: State = {
    ...state,
    errors: errors === null ? state.errors : step(state.errors, errors, restarts),
    traffic: traffic === null ? state.traffic : step(state.traffic, traffic, restarts),
    latency: foldLatency(state.latency, block, { phi: spread.latency, restarts }),
    spread: foldSpread(state, block),
    rate: learnRate(state.rate, block.stable, lasted),
    proof: prove(state.proof, block, { ...past, ratio: settings.errorMargin, difference }),
    excess: addExcess(state.excess, block, past),
    pace: pace(state.pace, block),
    blocks: state.blocks + 1,
    watched: state.watched + lasted,
    canary: sumCounts(state.canary, block.canary),
    stable: sumCounts(state.stable, block.stable),
    expected: state.expected + expected,
    recent: {
      canary: sumCounts(begun.canary, block.canary),
      stable: sumCounts(begun.stable, block.stable),
    },
    recentTraffic: {
      got: hanging.got + block.canary.requests,
      expected: hanging.expected + expected,
    },
  }
  const known: State = { ...next, shown: shown(state.shown, next) }
  return known.provenAt === null && isProven(known, block) ? { ...known, provenAt: known.watched } : known
}

function foldSpread({ spread, latency }: State, { stable, canary, weight }: Block): Spread {
  const share = weight ?? canary.requests / (canary.requests + stable.requests)
  if (!(share <= smallWeight)) return spread
  const counts = latency.reference === null ? null : bucketsOf(stable, latency.reference.bounds)
  return learnSpread(spread, stable, counts === null ? [] : latency.proven.map((j) => above(counts, j)))
}
