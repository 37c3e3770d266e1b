import {
  type Reconciled,
  nameOf,
  type Phase,
  type Plan,
  type Rollout,
  type UnreadableState,
  type Verdict,
} from '@alt-las/rollout'
import { Failure } from '@alt-las/failure'
import type { Outcome } from '@alt-las/outcome'
import type { Forecast } from './forecast/shape.ts'
import { evidenceOf, type Operation } from './evidence.ts'
import type { TargetResult } from './target-result.ts'

export type { TargetResult } from './target-result.ts'

export interface CanaryOutcome extends Outcome<'canary-deploy'> {
  readonly targets: readonly TargetResult[]
  /** Of a release of several targets; absent = that of the first. */
  readonly verdict?: Verdict
  /** `deploy`: the router, and the reason for its choice. */
  readonly router?: string
  /** `dry-run`: the forecasts. */
  readonly forecasts?: readonly Forecast[]
  /** `preflight`: what is missing, one sentence each. */
  readonly problems?: readonly string[]
}

/** The result of `rollOut`; null = nothing had to be done. */
export const resultFor = (plan: Plan, driven: Reconciled | null): TargetResult =>
  driven === null ? unchanged(plan) : resultOf(driven)

function unchanged(plan: Plan): TargetResult {
  return {
    namespace: plan.namespace,
    deployment: plan.deployment,
    verdict: 'unchanged',
    because: `${plan.deployment} already runs ${plan.image}, nothing was changed`,
    image: plan.image,
    previousImage: plan.image,
    release: plan.release,
    weight: 0,
    rollout: null,
  }
}

/** Throws Failure `interrupted` where the run was stopped from outside: that is no verdict on the version. */
export function resultOf({ rollout, end, synthetic = null }: Reconciled): TargetResult {
  const { plan, baseline, phase } = rollout
  if (end.kind === 'stop' && end.why === 'interrupted')
    throw new Failure('interrupted', `${end.because} (${plan.deployment}, ${nameOf(phase)})`, {
      fault: 'outside',
      hint: 'run it again: it continues from there',
    })
  const verdict = verdictOf(phase)
  return {
    namespace: plan.namespace,
    deployment: plan.deployment,
    verdict,
    because: end.because,
    image: verdict === 'rolled-back' ? (baseline.image ?? plan.image) : plan.image,
    previousImage: baseline.image,
    release: plan.release,
    weight: phase.kind === 'done' ? 0 : (rollout.timeline.at(-1)?.weight ?? 0),
    rollout,
    synthetic,
  }
}

/** A target whose state cannot be read: nothing was done to it. */
export const unreadableTarget = ({ namespace, deployment, because }: UnreadableState): TargetResult => ({
  namespace,
  deployment,
  verdict: 'halted',
  because,
  image: '',
  previousImage: null,
  release: '',
  weight: 0,
  rollout: null,
})

/** The verdict of a rollout in this phase; halted if it has not ended. */
export function verdictOf(phase: Phase): Verdict {
  if (phase.kind === 'paused') return 'paused'
  return phase.kind === 'done' ? phase.verdict : 'halted'
}

/** The outcome of one target. */
export function outcomeOf(operation: Operation, result: TargetResult): CanaryOutcome {
  const passed = result.verdict !== 'rolled-back' && result.verdict !== 'halted'
  return {
    kind: passed ? 'passed' : 'refused',
    because: passed ? result.because : `${result.release} ${said[result.verdict]}: ${result.because}`,
    subject: {
      image: result.rollout?.plan.image ?? result.image,
      target: `${result.namespace}/${result.deployment}`,
    },
    evidence: evidenceOf(operation, [result]),
    timings: timingsOf(result.rollout),
    targets: [result],
  }
}

const said: Readonly<Record<Verdict, string>> = {
  promoted: 'is promoted',
  unchanged: 'is unchanged',
  'rolled-back': 'is rolled back',
  paused: 'is paused',
  halted: 'is halted',
}

function timingsOf(rollout: Rollout | null): NonNullable<Outcome['timings']> {
  const timeline = rollout?.timeline ?? []
  return timeline.slice(0, -1).map(({ phase, at }, index) => ({
    name: phase,
    startedAtMs: at,
    finishedAtMs: timeline[index + 1]?.at ?? at,
  }))
}
