/** The way of a release, in order. */
export const stepNames = ['build', 'test', 'scan', 'push', 'deploy', 'verify'] as const
export type StepName = (typeof stepNames)[number]

/**
 * `missing`: evidence was expected and there is none. `not-reached`: an earlier step ended the way. `not-planned`: nobody expects it.
 * `brought-back`: it was passed, and undone together with the release. Only `passed` is a tick.
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
