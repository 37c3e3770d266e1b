/** The steps of a release, in order. */
export const stepNames = ['build', 'test', 'scan', 'push', 'deploy', 'verify'] as const
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
  /** All of `stepNames`, in order. */
  readonly steps: readonly Step[]
}
