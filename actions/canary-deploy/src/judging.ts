import {
  begin,
  judge,
  type Block,
  type Counts,
  type Settings,
  type State,
  type Verdict,
} from '@alt-las/judge'
import type { Judging } from './plan.ts'
import { noSampling, type Sampling } from './sampling.ts'

/** What the judge holds of the canary so far; saved with the rollout, so that a resumed one goes on where it stood. */
export interface Judgement {
  /** null before the first block. */
  readonly state: State | null
  readonly verdict: 'continue' | 'hold' | 'roll-back'
  /** The judge's sentence with its figures. */
  readonly because: string
  /** The evidence against the canary; a roll-back needs 1/risk. */
  readonly evidence: number
  /** Judged blocks with canary traffic since the current step began. */
  readonly blocks: number
  /** Per step of the ramp, in order. */
  readonly steps: readonly StepFigures[]
  /** Where the next block begins, ms by Prometheus' clock; null = with the next scrape. */
  readonly readTo: number | null
  /** Why the last look at the metrics gave nothing; `lasting` where time alone does not heal it. null while they flow. */
  readonly trouble: { readonly because: string; readonly lasting: boolean } | null
  /** What the data plane did with the weight that is set. */
  readonly sampling: Sampling
}

export interface StepFigures {
  readonly weight: number
  readonly canary: Counts
  readonly stable: Counts
  readonly blocks: number
}

export const unjudged: Judgement = {
  state: null,
  verdict: 'continue',
  because: 'nothing was judged',
  evidence: 1,
  blocks: 0,
  steps: [],
  readTo: null,
  trouble: null,
  sampling: noSampling,
}

/** What one look at the metrics gave. Only a block is ever judged. */
export type Reading =
  | { readonly kind: 'start'; readonly readTo: number }
  | { readonly kind: 'block'; readonly block: Block }
  /** No scrape since the last look. */
  | { readonly kind: 'waiting' }
  | { readonly kind: 'blind'; readonly because: string; readonly lasting: boolean }

/** Shortest distance of two scrapes that is reckoned with; fixes the judge's horizon. */
const blockMs = 5000
/** No history of the source is known at the start: errors are taken to come in bursts of two. */
const dispersion = 2

/** Begins the figures of the next step. */
export function beginStep(judgement: Judgement, weight: number): Judgement {
  const none = { requests: 0, errors: 0 }
  // The block is cut at the change of weight: what was counted before belongs to another mixture.
  return {
    ...judgement,
    blocks: 0,
    readTo: null,
    sampling: noSampling,
    steps: [...judgement.steps, { weight, canary: none, stable: none, blocks: 0 }],
  }
}

/** Folds one look at the metrics into what is held of the canary. */
export function addReading(judgement: Judgement, reading: Reading, judging: Judging): Judgement {
  if (reading.kind === 'start') return { ...judgement, readTo: reading.readTo, trouble: null }
  if (reading.kind === 'waiting') return judgement
  if (reading.kind === 'blind') return { ...judgement, trouble: reading }
  const { block } = reading
  const { state, verdict } = judge(judgement.state ?? begin(settings(judging)), block)
  const judged = block.canary.requests > 0 ? 1 : 0
  return {
    state,
    verdict: standing(verdict),
    because: verdict.because,
    evidence: verdict.evidence.value,
    blocks: judgement.blocks + judged,
    steps: addToLast(judgement.steps, block, judged),
    readTo: block.to,
    trouble: null,
    sampling: judgement.sampling,
  }
}

function settings({ risk, errorMargin, maxDurationMs }: Judging): Settings {
  return {
    risk,
    errorMargin,
    latencyMargin: null,
    horizon: Math.max(1, Math.ceil(maxDurationMs / blockMs)),
    bake: 0,
    dispersion,
    expectTraffic: true,
    weights: { kind: 'fixed', proof: 0.5 },
  }
}

// With fixed steps, time and blocks decide when to go on and when to give up; the judge only stops or holds.
function standing({ kind }: Verdict): Judgement['verdict'] {
  return kind === 'roll-back' || kind === 'hold' ? kind : 'continue'
}

function addToLast(steps: readonly StepFigures[], block: Block, judged: number): readonly StepFigures[] {
  const last = steps.at(-1)
  if (last === undefined) return steps
  const sum = (a: Counts, b: Counts) => ({ requests: a.requests + b.requests, errors: a.errors + b.errors })
  const canary = sum(last.canary, block.canary)
  const stable = sum(last.stable, block.stable)
  return [...steps.slice(0, -1), { ...last, canary, stable, blocks: last.blocks + judged }]
}
