import { type Suspicion, beginComparison, beginWatch, suspicionOf, watch } from '@alt-las/judge'
import type { Judgement } from '../model/judgement.ts'
import type { ScrapeReading } from '../model/metrics.ts'
import type { Plan } from '../model/plan.ts'
import { comparisonMs } from '../model/timing.ts'
import { isWatched } from '../strategies/judged.ts'
import { addStretch } from './course.ts'
import { judgedTimeMs } from './judge-settings.ts'
import { addToLast, beginStep } from './judging.ts'

/** All traffic is on the new version: from now on it is watched. After a comparison the watch begins again, with what the comparison has shown. */
export function beginWindow(judgement: Judgement, plan: Plan): Judgement {
  const { state, late } = judgement
  if (!isWatched(plan) || state === null) return judgement
  // The horizon is that time in blocks.
  const blockMs = judgedTimeMs(plan) / state.settings.horizon
  const horizon = late?.watch.horizon ?? Math.max(1, Math.ceil(plan.rollbackWindowMs / blockMs))
  const begun = { watch: beginWatch(state, horizon), comparisons: late?.comparisons ?? 0 }
  return { ...beginStep(judgement, 100), verdict: 'ready', late: begun }
}

/** The old version gets traffic again: the judge compares both, with evidence that begins at nothing. */
export function beginCompare(judgement: Judgement, plan: Plan, weight: number): Judgement {
  const { state, late } = judgement
  const begun = beginStep(judgement, weight)
  if (state === null || late === undefined) return begun
  const attempt = late.comparisons + 1
  const horizon = Math.max(1, Math.ceil((late.watch.horizon * comparisonMs) / plan.rollbackWindowMs))
  return {
    ...begun,
    state: beginComparison(state, { attempt, risk: plan.judging.risk, horizon }),
    verdict: 'continue',
    because: 'both versions are compared',
    evidence: 1,
    late: { ...late, comparisons: attempt },
  }
}

/** Adds one reading to the watch. What both versions answer is compared where both have traffic. */
export function addWatched(judgement: Judgement, reading: ScrapeReading): Judgement {
  const { late, evidence } = judgement
  if (late === undefined || reading.kind === 'waiting') return judgement
  if (reading.kind === 'start') return { ...judgement, readTo: reading.readTo, trouble: null }
  if (reading.kind === 'blind') return { ...judgement, trouble: reading }
  const { block } = reading
  const judged = block.canary.requests > 0 ? 1 : 0
  return {
    ...judgement,
    late: { ...late, watch: watch(late.watch, block) },
    blocks: judgement.blocks + judged,
    steps: addToLast(judgement.steps, block, judged),
    course: addStretch(judgement.course, block, { weight: 100, evidence }),
    readTo: block.to,
    trouble: null,
  }
}

/** What the watch says; null where nothing is watched. */
export const lateSuspicion = ({ late }: Judgement): Suspicion | null =>
  late === undefined ? null : suspicionOf(late.watch)
