import {
  type ArmFigures,
  type SmokeResult,
  type Stretch,
  forecastWords,
  nameOf,
  type Rollout,
} from '@alt-las/rollout'
import type { Evidence } from '@alt-las/outcome'
import type { Cause } from '@alt-las/workload-health'
import type { Forecast } from './forecast/shape.ts'
import type { Inputs } from './inputs.ts'
import type { TargetResult } from './target-result.ts'

export type Operation = Inputs['operation']

type CanaryEvidence = Evidence<'canary-deploy'>
type TargetEvidence = CanaryEvidence['targets'][number]

/** The evidence of a run, in the form of the outcome document. */
export function evidenceOf(
  operation: Operation,
  results: readonly TargetResult[],
  forecasts: readonly Forecast[] = [],
): CanaryEvidence {
  return {
    operation,
    router: null,
    targets: results.map((one) => ({
      ...targetOf(one),
      ...(operation === 'status' && one.rollout !== null ? { state: stateOf(one.rollout) } : {}),
    })),
    forecasts: forecasts.map(forecastOf),
  }
}

function targetOf({ weight, rollout, synthetic = null, ...rest }: TargetResult): TargetEvidence {
  const { namespace, deployment, verdict, because, release, image, previousImage } = rest
  const cause = rollout?.cause ?? null
  return {
    namespace,
    deployment,
    verdict,
    because,
    release,
    image,
    previousImage,
    weightPercent: weight,
    strategy: rollout?.plan.strategy ?? null,
    judgement: rollout === null ? null : judgementOf(rollout),
    synthetic,
    ...(rollout?.smoke === undefined ? {} : { smoke: smokeOf(rollout.smoke) }),
    cause: cause === null ? null : causeOf(cause),
    timeline: (rollout?.timeline ?? []).map(({ at, phase, weight: share, because: why }) => ({
      atMs: at,
      phase,
      weightPercent: share,
      because: why,
    })),
  }
}

function smokeOf({ outcome, because, checks }: SmokeResult): NonNullable<TargetEvidence['smoke']> {
  return { outcome, because, checks: checks.map(({ ms, ...check }) => ({ ...check, durationMs: ms })) }
}

function judgementOf({ judgement, plan }: Rollout): TargetEvidence['judgement'] {
  const { forecast, quiet } = judgement
  return {
    value: judgement.evidence,
    limit: 1 / plan.judging.risk,
    because: judgement.because,
    steps: judgement.steps.map(({ weight, ...step }) => ({ weightPercent: weight, ...step })),
    course: judgement.course.map(stretchOf),
    ...(forecast === undefined ? {} : { forecast: { ...forecast, because: forecastWords(forecast, plan) } }),
    ...(quiet === undefined ? {} : { quiet: { taken: quiet.taken, because: quiet.because } }),
  }
}

function stretchOf({ from, to, weight, canary, stable, evidence }: Stretch) {
  return {
    fromMs: from,
    toMs: to,
    weightPercent: weight,
    canary: armOf(canary),
    stable: armOf(stable),
    value: evidence,
  }
}

/** Latencies are measured in seconds. */
function armOf({ requests, errors, p95 }: ArmFigures) {
  return { requests, errors, p95Ms: p95 === null ? null : 1000 * p95 }
}

function causeOf({ kind, because, heals, since, fault, about, pod, container, evidence }: Cause) {
  return {
    kind,
    because,
    heals,
    sinceMs: since,
    fault,
    ...(about === undefined ? {} : { about }),
    ...(pod === undefined ? {} : { pod }),
    ...(container === undefined ? {} : { container }),
    ...(evidence === undefined ? {} : { figures: evidence }),
  }
}

function stateOf({ plan, phase, releases, fencingToken }: Rollout): NonNullable<TargetEvidence['state']> {
  return {
    workload: plan.workload,
    router: plan.router,
    phase: nameOf(phase),
    epoch: fencingToken,
    current: releases.current,
    releases: releases.list.map(({ release, image, at, undone, desired, configs = [] }) => ({
      release,
      image,
      atMs: at,
      undone,
      returnable: desired !== null,
      configs: configs.map(({ kind, versioned }) => `${kind}/${versioned}`),
    })),
  }
}

function forecastOf({
  what,
  changes,
  stages,
  traffic,
  ...rest
}: Forecast): CanaryEvidence['forecasts'][number] {
  const { namespace, deployment, release, image, serving, pods, problems } = rest
  return {
    namespace,
    deployment,
    release,
    image,
    serving,
    because: what,
    changes,
    stages: stages.map(({ name, weight, old, fresh, lastsMs }) => ({
      name,
      weightPercent: weight,
      oldPods: old,
      newPods: fresh,
      durationMs: lastsMs,
    })),
    pods,
    traffic: traffic.map(([fact, figures]) => ({ fact, figures })),
    problems,
  }
}
