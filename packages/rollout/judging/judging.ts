import {
  type Block,
  type Counts,
  type Settings,
  begin,
  decideAtDeadline,
  firstWeight,
  judge,
} from '@alt-las/judge'
import { type Judgement, type StepFigures, noSampling } from '../model/judgement.ts'
import type { Past, ScrapeReading } from '../model/metrics.ts'
import type { Phase } from '../model/phase.ts'
import type { Judging, Plan } from '../model/plan.ts'
import { quietBakeMsOf } from '../strategies/ramp.ts'
import { withAnswers } from './answers.ts'
import { addStretch } from './course.ts'
import { nothingKnown, settingsOf } from './judge-settings.ts'
import { atRate } from './on-quiet.ts'
import { proofForecast, steadyRate } from './proof-forecast.ts'

export interface Before {
  readonly past: Past
  /** The same without earlier synthetic requests; absent = there were none. */
  readonly users?: Past
  readonly sticky: boolean
  /** Synthetic requests a second that `on-quiet` adds; absent = none. */
  readonly rate?: number
}

/**
 * Before the canary has traffic: stable's history, what a proof needs at its rate, and with the adaptive ramp the first share.
 */
export function beginJudgement(
  judgement: Judgement,
  plan: Plan,
  { past, users = past, sticky, rate = 0 }: Before,
): Judgement {
  const forecast = proofForecast(plan, users, sticky)
  const usual = forecast?.requestsPerSecond ?? 0
  const added = steadyRate(plan) + rate
  const usually = settingsOf(plan, past, { sticky })
  // Hardly any user of its own would meet it meanwhile.
  const settings = rate === 0 ? usually : { ...usually, bake: Math.min(usually.bake, quietBakeMsOf(plan)) }
  // The ramp would begin with the history's rate, however much more is sent.
  const isMore = forecast !== null && added > usual
  const state = begin(isMore ? atRate(settings, usual + added) : settings, past.blocks)
  return {
    ...judgement,
    state,
    wanted: wantedOf(state.settings, firstWeight(state)),
    ...(forecast === null ? {} : { forecast }),
  }
}

/** True while the evidence is too strong for a step or a promotion, and too weak for a roll-back. */
export const isSuspected = ({ evidence }: Judgement, { risk }: Judging): boolean =>
  evidence >= 1 / Math.sqrt(risk)

/** Begins the figures of a phase in which the canary gets traffic; those of its audience have weight 0. */
export function beginFigures(judgement: Judgement, phase: Phase): Judgement {
  if (phase.kind === 'step') return beginStep(judgement, phase.weight)
  return phase.kind === 'audience' ? beginStep(judgement, 0) : judgement
}

/** Begins the figures of the next step. */
export function beginStep(judgement: Judgement, weight: number): Judgement {
  const none = { requests: 0, errors: 0 }
  // The block is cut at the change of weight: earlier counts belong to another mixture.
  return {
    ...judgement,
    blocks: 0,
    readTo: null,
    sampling: noSampling,
    steps: [...judgement.steps, { weight, canary: none, stable: none, blocks: 0 }],
  }
}

/** Why it is undecided at the end of the time, and how bad the version may still be. */
export function undecidedBecause({ state, trouble }: Judgement): string {
  const bound = state === null ? 'nothing was judged' : decideAtDeadline(state).because
  return trouble === null ? bound : `${trouble.because}; ${bound}`
}

/** Adds one reading of the metrics to the judgement of the canary. */
export function addReading(judgement: Judgement, reading: ScrapeReading, plan: Plan): Judgement {
  if (reading.kind === 'start') return { ...judgement, readTo: reading.readTo, trouble: null }
  if (reading.kind === 'waiting') return judgement
  if (reading.kind === 'blind') return { ...judgement, trouble: reading }
  const { block } = reading
  const before = judgement.state ?? begin(settingsOf(plan, nothingKnown, { sticky: false }))
  const { state, verdict } = judge(before, block)
  const judged = block.canary.requests > 0 ? 1 : 0
  const answered = withAnswers(judgement, block)
  const evidence = verdict.evidence.value
  const weight = judgement.steps.at(-1)?.weight ?? 0
  return {
    ...answered,
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

/** A share of 0..1 as a percentage that a router can write. */
const wantedOf = ({ weights }: Settings, share: number): number | null =>
  weights.kind === 'auto' ? Math.round(share * 1000) / 10 : null

export function addToLast(
  steps: readonly StepFigures[],
  block: Block,
  judged: number,
): readonly StepFigures[] {
  const last = steps.at(-1)
  if (last === undefined) return steps
  const sum = (a: Counts, b: Counts) => ({ requests: a.requests + b.requests, errors: a.errors + b.errors })
  const canary = sum(last.canary, block.canary)
  const stable = sum(last.stable, block.stable)
  return [...steps.slice(0, -1), { ...last, canary, stable, blocks: last.blocks + judged }]
}
