// The engine of a rollout: pure decisions over what is observed, effects that are safe to repeat, state that survives every kill.
export { inNamespace } from './apply/in-namespace.ts'
export { checkConfigs, missingConfigs } from './configs/config-check.ts'
export { versionConfigs, withConfigs } from './configs/config-plan.ts'
export { type Config, configLabel } from './configs/config-version.ts'
export { isServing } from './decide/serving.ts'
export { blockMsOf, settingsOf } from './judging/judge-settings.ts'
export { type MetricsSource, metricScrapes } from './judging/metric-scrapes.ts'
export { chooseQuiet, syntheticRate } from './judging/on-quiet.ts'
export {
  fewestRequests,
  fixedWeightAt,
  forecastWords,
  historyWords,
  needWords,
  proofForecast,
} from './judging/proof-forecast.ts'
export type { Decision, Effect } from './model/effects.ts'
export { hash } from './model/hash.ts'
export type { ArmFigures, Course, ProofForecast, StepFigures, Stretch } from './model/judgement.ts'
export { hashPlan } from './model/plan.ts'
export type { Past, Scrapes } from './model/metrics.ts'
export { keySecret, manager, stateName } from './model/names.ts'
export type { ObservedAutoscaler, Observation, ObservedRelease } from './model/observation.ts'
export { type Phase, type Verdict, nameOf } from './model/phase.ts'
export type { Plan, Strategy, WorkloadKind } from './model/plan.ts'
export type { Quiet, QuietWay, SyntheticStream } from './model/quiet.ts'
export type { Releases, WholeRelease } from './model/releases.ts'
export type { Rollout } from './model/rollout.ts'
export type { Smoke, SmokeCheck, SmokeResult, SmokeTarget, SmokeTests } from './model/smoke.ts'
export { type Sent, type Visits, noVisits } from './model/synthetic.ts'
export { observeAutoscaler } from './observe/observe-autoscaler.ts'
export { type Versions, observeVersions } from './observe/workloads/observe-versions.ts'
export { namespacesOf, watchedBy } from './observe/watched-objects.ts'
export { type Size, peakOf } from './preflight/peak.ts'
export { type Answer } from './preflight/answers.ts'
export { type Preflight, preflight } from './preflight/preflight.ts'
export { type Demand, overQuotaTogether } from './preflight/quota-together.ts'
export { requireClear } from './preflight/require-clear.ts'
export { sentenceOf } from './preflight/refusal.ts'
export { type Beginning, beginning } from './reconcile/begin.ts'
export { continueRollout } from './reconcile/continue-rollout.ts'
export { refuseOtherKind } from './reconcile/check-rolling.ts'
export { checkTarget } from './reconcile/check-target.ts'
export type { Reconciled } from './reconcile/reconcile.ts'
export {
  type CheckedWork,
  checkWork,
  ensureNamespace,
  holdTarget,
  resumeHeld,
  resumeRollout,
  rollOut,
  rollOutHeld,
} from './reconcile/roll-out.ts'
export { takenBack } from './reconcile/take-back.ts'
export type { Work } from './reconcile/work.ts'
export { type Board, type Refused, type Standing, releaseBoard } from './release/board.ts'
export { writtenObjects } from './observe/written-objects.ts'
export type { Holding } from './state/lease.ts'
export { releaseToReturnTo } from './state/releases.ts'
export { type UnreadableState, findState, findStates, nameOfTargets, readStates } from './state/states.ts'
export { isBeingJudged, isJudged, isJudgedLater } from './strategies/judged.ts'
export { usualQuietMs } from './model/timing.ts'
export { fixedSteps, hasRamp, isTimed, loadAt, mostProven, mostUnproven } from './strategies/ramp.ts'
export { type Steps, formatSteps, parseSteps, pauseAt } from './strategies/steps.ts'
export { targetWeightOf } from './strategies/target-weight.ts'
export { strategyNames, strategyOf, versionNames } from './strategies/strategies.ts'
export { factsOf } from './strategies/phases.ts'
export type { Unfinished, ProgressLog, RolloutPorts } from './model/ports.ts'
