import {
  begin,
  decideAtDeadline,
  firstWeight,
  judge,
  type Block,
  type Counts,
  type Settings,
  type State,
  type Verdict,
} from '@alt-las/judge'
import type { Judging, Plan } from '../plan/plan.ts'
import { addStretch, type Course } from './course.ts'
import { nothingKnown, settingsOf, type Past } from './judge-settings.ts'
import { noSampling, type Sampling } from './sampling.ts'

/** What the judge holds of the canary so far; saved with the rollout, so that a resumed one goes on where it stood. */
export interface Judgement {
  /** null until the judge has looked at what stable did before. */
  readonly state: State | null
  readonly verdict: Verdict['kind']
  /** The judge's sentence with its figures. */
  readonly because: string
  /** The evidence against the canary; a roll-back needs 1/risk. */
  readonly evidence: number
  /** The share that the adaptive ramp would go to, in percent to a tenth; null where the plan fixes the steps. */
  readonly wanted: number | null
  /** Judged blocks with canary traffic since the current step began. */
  readonly blocks: number
  /** Per step of the ramp, in order. */
  readonly steps: readonly StepFigures[]
  readonly course: Course
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
  wanted: null,
  blocks: 0,
  steps: [],
  course: [],
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

/** Before the canary has traffic: what stable does is known, and with the adaptive ramp the first share. */
export function beginJudgement(
  judgement: Judgement,
  plan: Plan,
  { past, sticky }: { readonly past: Past; readonly sticky: boolean },
): Judgement {
  const state = begin(settingsOf(plan, past, { sticky }), past.blocks)
  return { ...judgement, state, wanted: wantedOf(state.settings, firstWeight(state)) }
}

/** True while the evidence is too strong for a step or a promotion, and too weak for a roll-back. */
export const isSuspected = ({ evidence }: Judgement, { risk }: Judging): boolean =>
  evidence >= 1 / Math.sqrt(risk)

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

/** Why it stays undecided when the time is over, and what can still be wrong with the version. */
export function undecidedBecause({ state, trouble }: Judgement): string {
  const bound = state === null ? 'nothing was judged' : decideAtDeadline(state).because
  return trouble === null ? bound : `${trouble.because}; ${bound}`
}

/** Folds one look at the metrics into what is held of the canary. */
export function addReading(judgement: Judgement, reading: Reading, plan: Plan): Judgement {
  if (reading.kind === 'start') return { ...judgement, readTo: reading.readTo, trouble: null }
  if (reading.kind === 'waiting') return judgement
  if (reading.kind === 'blind') return { ...judgement, trouble: reading }
  const { block } = reading
  const before = judgement.state ?? begin(settingsOf(plan, nothingKnown, { sticky: false }))
  const { state, verdict } = judge(before, block)
  const judged = block.canary.requests > 0 ? 1 : 0
  const evidence = verdict.evidence.value
  const weight = judgement.steps.at(-1)?.weight ?? 0
  return {
    ...judgement,
    state,
    verdict: verdict.kind,
    because: verdict.because,
    evidence,
    wanted: verdict.kind === 'continue' ? wantedOf(state.settings, verdict.weight) : judgement.wanted,
    blocks: judgement.blocks + judged,
    steps: addToLast(judgement.steps, block, judged),
    course: addStretch(judgement.course, block, { weight, evidence }),
    readTo: block.to,
    trouble: null,
  }
}

/** A share of 0..1 as percent that a router can write. */
const wantedOf = ({ weights }: Settings, share: number): number | null =>
  weights.kind === 'auto' ? Math.round(share * 1000) / 10 : null

function addToLast(steps: readonly StepFigures[], block: Block, judged: number): readonly StepFigures[] {
  const last = steps.at(-1)
  if (last === undefined) return steps
  const sum = (a: Counts, b: Counts) => ({ requests: a.requests + b.requests, errors: a.errors + b.errors })
  const canary = sum(last.canary, block.canary)
  const stable = sum(last.stable, block.stable)
  return [...steps.slice(0, -1), { ...last, canary, stable, blocks: last.blocks + judged }]
}
