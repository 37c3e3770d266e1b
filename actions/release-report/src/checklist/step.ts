/** The steps of a release, in order. */
export const releaseSteps = ['build', 'test', 'scan', 'push', 'deploy', 'verify'] as const
/** With the one that comes in the days after it. */
export const stepNames = [...releaseSteps, 'monitor'] as const
export type StepName = (typeof stepNames)[number]

/**
 * `missing`: expected evidence is absent. `not-reached`: an earlier step did not pass. `not-planned`: not part of this release.
 * `brought-back`: it had passed, and was rolled back with the whole release. Only `passed` is a tick.
 */
export type Mark =
  'passed' | 'refused' | 'failed' | 'brought-back' | 'missing' | 'not-reached' | 'not-planned'

export interface Step {
  readonly step: StepName
  readonly mark: Mark
  readonly because: string
}

export interface ServiceSteps {
  readonly service: string
  /** All of `stepNames`, in order; `monitor` only where there is a result of it, or one is expected. */
  readonly steps: readonly Step[]
}
