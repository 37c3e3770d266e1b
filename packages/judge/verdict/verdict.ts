// From evidence to an answer: the state of an analysis, the budget of risk, the next weight, the verdict and its sentence.
import type { Block, Counts } from '../input/block.ts'
import { budget, mainCause, takesPart } from './budget.ts'
import { value } from '../evidence/mixture.ts'
import { proofValue, rateOf } from '../evidence/non-inferiority.ts'
import { upperBound } from '../evidence/ramp.ts'
import type { State } from './state.ts'
import { nextWeight } from './weight.ts'
import {
  errorSentence,
  latencySentence,
  readySentence,
  traceSentence,
  trafficSentence,
  undecidedSentence,
  wayWords,
} from './words.ts'

/** The figures behind a verdict. */
export interface Evidence {
  /** M: how much more likely the blocks are under a worse canary than under an equal one. */
  readonly value: number
  /** 1/risk: at this the canary is rolled back. */
  readonly limit: number
  /** The parts of M, before they are weighted. */
  readonly errors: number
  readonly latency: number | null
  readonly traffic: number
  /** ln of the weakest proof that the canary is no worse; it is complete at ln 20. */
  readonly proof: number
  /** With 95 %, at every look: the canary's error rate is at most this far above stable's; 0..1. */
  readonly bound: number
  readonly dispersion: { readonly errors: number; readonly latency: number; readonly source: string }
  readonly canary: Counts
  readonly stable: Counts
  readonly recent: { readonly canary: Counts; readonly stable: Counts }
  readonly blocks: number
  /** Blocks in which both versions had requests. */
  readonly tested: number
}

interface Said {
  /** A sentence for people, with the figures. */
  readonly because: string
  readonly evidence: Evidence
}

export type Verdict =
  /** `weight`: the canary's share for the next block, 0..1. */
  | ({ readonly kind: 'continue'; readonly weight: number } & Said)
  /** Suspicion: the weight stays, nothing is promoted. */
  | ({ readonly kind: 'hold' } & Said)
  | ({ readonly kind: 'roll-back'; readonly cause: 'errors' | 'latency' | 'traffic' } & Said)
  | ({ readonly kind: 'ready' } & Said)
  /** The horizon is over, without a proof of either. `bound`: of the excess of failures, 0..1. */
  | ({ readonly kind: 'undecided'; readonly bound: number } & Said)

// A hang is judged apart from the budget of errors and latency, and much more strictly.
const trafficRisk = 0.001
/** Chance, per metric, that a canary beyond the margin is called no worse. */
const beta = 0.05
const enough = Math.log(1 / beta)
/** End of the ramp: half of the traffic, where the comparison has the most power. */
const rampProof = 0.5
const starvedMs = 120_000

/** The verdict after the blocks so far; `last` is the newest block. */
export function decide(state: State, last: Block): Verdict {
  const { risk, horizon } = state.settings
  const evidence = evidenceOf(state)
  const bad = rollBack(state, evidence)
  if (bad !== null) return bad
  if (evidence.value >= 1 / Math.sqrt(risk)) {
    if (state.blocks >= horizon) return undecided(state, evidence)
    return { kind: 'hold', because: `suspicion: ${traceSentence(evidence.recent, state.settings)}`, evidence }
  }
  if (isReady(state, last)) return { kind: 'ready', because: readySentence(state, evidence), evidence }
  if (state.blocks >= horizon) return undecided(state, evidence)
  const weight = nextWeight(state.settings.weights, state.pace, {
    bound: evidence.bound,
    rate: rateOf(state.rate),
    proven: state.provenAt !== null || isShown(state),
    frozen: last.canary.requests === 0,
  })
  return { kind: 'continue', weight, because: wayWords(state), evidence }
}

/** The verdict when time is over before the horizon's blocks: a proof of either kind, or `undecided`; never `continue`. */
export function decideAtDeadline(state: State): Verdict {
  const evidence = evidenceOf(state)
  return rollBack(state, evidence) ?? undecided(state, evidence)
}

function rollBack(state: State, evidence: Evidence): Verdict | null {
  const { risk, expectTraffic } = state.settings
  if (evidence.value >= 1 / risk) {
    return mainCause(evidence.errors, evidence.latency) === 'latency'
      ? {
          kind: 'roll-back',
          cause: 'latency',
          because: latencySentence(state.latency, state.settings),
          evidence,
        }
      : {
          kind: 'roll-back',
          cause: 'errors',
          because: errorSentence(evidence.recent, state.settings),
          evidence,
        }
  }
  if (!expectTraffic) return null
  const starved =
    state.watched >= starvedMs && state.expected > 30 && state.canary.requests < 0.1 * state.expected
  if (!starved && evidence.traffic < 1 / trafficRisk) return null
  const { got, expected } = starved
    ? { got: state.canary.requests, expected: state.expected }
    : state.recentTraffic
  return {
    kind: 'roll-back',
    cause: 'traffic',
    because: trafficSentence(got, expected, state.settings),
    evidence,
  }
}

const undecided = (state: State, evidence: Evidence): Verdict => ({
  kind: 'undecided',
  bound: evidence.bound,
  because: undecidedSentence(state, evidence),
  evidence,
})

function isReady(state: State, last: Block): boolean {
  const { provenAt, watched, settings } = state
  return provenAt !== null && watched - provenAt >= settings.bake && isProven(state, last)
}

/** No worse, by every metric, at a sufficient weight. Without a canary request nothing is proven. */
export function isProven(state: State, { canary, stable, weight }: Block): boolean {
  const { weights } = state.settings
  const share = weight ?? canary.requests / Math.max(1, canary.requests + stable.requests)
  const least = weights.kind === 'fixed' ? weights.proof : rampProof
  return share >= (weight === null ? 0.8 * least : least) && canary.requests > 0 && isKnownNoWorse(state)
}

/** Every proof is complete as of the last block, and there is no suspicion; at whatever weight. */
export const isKnownNoWorse = (state: State): boolean =>
  isShown(state) && budget(state.errors, state.latency) < 1 / Math.sqrt(state.settings.risk)

const isShown = (state: State): boolean => state.shown.length > 0 && state.shown.every((one) => one)

/**
 * Which proofs are complete: once at 1/beta it is so, by Ville's inequality, at whatever later look; but one that has lost all it had is asked
 * for again. The errors' first, then each latency bound's; one that is still unknown is not complete.
 */
export function shown(before: readonly boolean[], state: State): readonly boolean[] {
  return proofs(state).map((log, i) => log >= enough || (before[i] === true && log >= 0))
}

function proofs({ proof, latency }: State): readonly number[] {
  const errors = proofValue(proof)
  if (!takesPart(latency)) return [errors]
  return [errors, ...(latency.proofs.length === 0 ? [0] : latency.proofs)]
}

function evidenceOf(state: State): Evidence {
  const { spread, latency } = state
  return {
    value: budget(state.errors, latency),
    limit: 1 / state.settings.risk,
    errors: value(state.errors),
    latency: latency.kind === 'judged' ? value(latency.mixture) : null,
    traffic: value(state.traffic),
    proof: Math.min(...proofs(state)),
    bound: upperBound(state.excess, beta),
    dispersion: { errors: spread.errors, latency: spread.latency, source: spread.source },
    canary: state.canary,
    stable: state.stable,
    recent: state.recent,
    blocks: state.blocks,
    tested: state.errors.tested,
  }
}
