import { checkBlock, type Block } from './block.ts'
import { errorAlternatives, errorTerms } from './errors.ts'
import { restartingMixture, step, value, type Mixture } from './mixture.ts'
import { expectedRequests, trafficAlternatives, trafficTerms } from './traffic.ts'
import { errorSentence, traceSentence, trafficSentence } from './words.ts'

export interface Settings {
  /** alpha: the chance, over a whole rollout, that a version as good as stable is rolled back; 0..1. */
  readonly risk: number
  /** r0: the canary may fail this many times as often as stable; >= 1. */
  readonly errorMargin: number
  /** Blocks within `max-duration`. */
  readonly horizon: number
  /** Dispersion of the errors, >= 1: 1 for independent requests, 2 where no history is known. */
  readonly dispersion: number
  /** False with sticky sessions and where no router splits by weight: fewer requests then mean nothing. */
  readonly expectTraffic: boolean
}

export interface Counts {
  readonly requests: number
  readonly errors: number
}

/** JSON; of fixed size; holds all that the next block needs. */
export interface State {
  readonly version: 1
  readonly settings: Settings
  readonly errors: Mixture
  readonly traffic: Mixture
  readonly blocks: number
  /** From the first block's start to the last one's end, in ms. */
  readonly watched: number
  readonly canary: Counts
  readonly stable: Counts
  readonly expected: number
  /** Since the evidence last stood at nothing: what a late fault is told by. */
  readonly recent: { readonly canary: Counts; readonly stable: Counts }
}

export interface Evidence {
  /** M: how much more likely the blocks are under a worse canary than under an equal one. */
  readonly value: number
  /** 1/risk: at this the canary is rolled back. */
  readonly limit: number
  readonly traffic: number
  readonly canary: Counts
  readonly stable: Counts
  readonly recent: { readonly canary: Counts; readonly stable: Counts }
  readonly blocks: number
  /** Blocks in which both versions had requests. */
  readonly tested: number
}

export type Verdict =
  | { readonly kind: 'continue'; readonly because: string; readonly evidence: Evidence }
  | { readonly kind: 'hold'; readonly because: string; readonly evidence: Evidence }
  | {
      readonly kind: 'roll-back'
      readonly cause: 'errors' | 'traffic'
      readonly because: string
      readonly evidence: Evidence
    }

// A hang is judged apart from the budget of errors and latency, and much more strictly.
const trafficRisk = 0.001
const cap = 3
const nothing: Counts = { requests: 0, errors: 0 }

/** The state before the first block. Throws RangeError for settings that cannot be. */
export function begin(settings: Settings): State {
  const { risk, errorMargin, horizon, dispersion } = settings
  if (!(risk > 0 && risk < 1))
    throw new RangeError(`risk is ${String(risk)}, expected more than 0 and less than 1`)
  if (!(errorMargin >= 1)) throw new RangeError(`errorMargin is ${String(errorMargin)}, expected at least 1`)
  if (!(horizon >= 1)) throw new RangeError(`horizon is ${String(horizon)} blocks, expected at least 1`)
  if (!(dispersion >= 1)) throw new RangeError(`dispersion is ${String(dispersion)}, expected at least 1`)
  return {
    version: 1,
    settings,
    errors: restartingMixture(errorAlternatives),
    traffic: restartingMixture(trafficAlternatives),
    blocks: 0,
    watched: 0,
    canary: nothing,
    stable: nothing,
    expected: 0,
    recent: { canary: nothing, stable: nothing },
  }
}

/** Folds one block into the state and says what follows. Same blocks, same answer, bit by bit. */
export function judge(state: State, block: Block): { readonly state: State; readonly verdict: Verdict } {
  checkBlock(block)
  const next = fold(state, block)
  return { state: next, verdict: decide(next) }
}

function fold(state: State, block: Block): State {
  const { settings } = state
  const restarts = { horizon: settings.horizon, cap }
  const errors = errorTerms(block, settings.errorMargin, settings.dispersion)
  const traffic = settings.expectTraffic ? trafficTerms(block) : null
  const begun = value(state.errors) > 1 ? state.recent : { canary: nothing, stable: nothing }
  return {
    ...state,
    errors: errors === null ? state.errors : step(state.errors, errors, restarts),
    traffic: traffic === null ? state.traffic : step(state.traffic, traffic, restarts),
    blocks: state.blocks + 1,
    watched: state.watched + (block.to - block.from),
    canary: sum(state.canary, block.canary),
    stable: sum(state.stable, block.stable),
    expected: state.expected + expectedRequests(block),
    recent: { canary: sum(begun.canary, block.canary), stable: sum(begun.stable, block.stable) },
  }
}

/** What the blocks so far allow. */
export function decide(state: State): Verdict {
  const { risk, expectTraffic } = state.settings
  const evidence = evidenceOf(state)
  if (evidence.value >= 1 / risk) {
    return { kind: 'roll-back', cause: 'errors', because: errorSentence(evidence, risk), evidence }
  }
  const starved =
    state.watched >= 120_000 && state.expected > 30 && state.canary.requests < 0.1 * state.expected
  if (expectTraffic && (starved || evidence.traffic >= 1 / trafficRisk)) {
    const because = trafficSentence(state.canary.requests, state.expected)
    return { kind: 'roll-back', cause: 'traffic', because, evidence }
  }
  if (evidence.value >= 1 / Math.sqrt(risk)) {
    return { kind: 'hold', because: `suspicion: ${traceSentence(evidence.recent)}`, evidence }
  }
  return { kind: 'continue', because: traceSentence(evidence), evidence }
}

function evidenceOf(state: State): Evidence {
  return {
    value: value(state.errors),
    limit: 1 / state.settings.risk,
    traffic: value(state.traffic),
    canary: state.canary,
    stable: state.stable,
    recent: state.recent,
    blocks: state.blocks,
    tested: state.errors.tested,
  }
}

const sum = (left: Counts, right: Counts): Counts => ({
  requests: left.requests + right.requests,
  errors: left.errors + right.errors,
})
