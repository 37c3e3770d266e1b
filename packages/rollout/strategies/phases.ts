import type { Phase } from '../model/phase.ts'

/** What a phase means to whoever has to act on it: this table is the only place that says so. */
export interface PhaseFacts {
  /**
   * `none`: nothing was touched that has to be undone. `revert`: traffic to stable, canary away. `forward`: the old pods are gone, the rollout
   * can only be finished. `over`: nothing is left to do.
   */
  readonly wayBack: 'none' | 'revert' | 'forward' | 'over'
  /** A run that breaks here takes the way back by itself. A migration is not broken off, and a pause is not a run. */
  readonly revertsWhenBroken: boolean
  /** The canary's share of the traffic that the phase is about, at most: `step` and `paused` have a weight of their own. */
  readonly highestWeight: 'none' | 'own' | 'all'
  /** The canary may still have traffic where the way back breaks. */
  readonly mayLeaveTraffic: boolean
  /** The workload itself is written: a version on it counts only where this rollout wrote it. */
  readonly writesWorkload: boolean
  /** What has to be known of ConfigMaps and Secrets: before anything is applied, before the end, or nothing. */
  readonly configs: 'at-begin' | 'at-end' | 'never'
  /** The version is judged by its traffic: in every strategy, where all traffic was moved at once, or not. */
  readonly judged: 'always' | 'after-switch' | 'never'
  /** Services or routes may be there that were not before: entering it writes the fencing token onto them. */
  readonly claimsObjects: boolean
}

const touchesNothing = {
  wayBack: 'none',
  revertsWhenBroken: false,
  highestWeight: 'none',
  mayLeaveTraffic: false,
  writesWorkload: false,
  configs: 'at-begin',
  judged: 'never',
  claimsObjects: false,
} as const
const canBeReverted = { ...touchesNothing, wayBack: 'revert', configs: 'never' } as const
const hasTraffic = { ...canBeReverted, revertsWhenBroken: true, mayLeaveTraffic: true } as const
const canOnlyGoOn = { ...canBeReverted, wayBack: 'forward', highestWeight: 'all' } as const

export const phases = {
  apply: { ...touchesNothing, revertsWhenBroken: true },
  'pre-deploy': touchesNothing,
  install: { ...touchesNothing, writesWorkload: true, configs: 'at-end' },
  prepare: { ...canBeReverted, revertsWhenBroken: true, claimsObjects: true },
  step: { ...hasTraffic, highestWeight: 'own', judged: 'always' },
  paused: { ...canBeReverted, highestWeight: 'own' },
  'promote-traffic': { ...hasTraffic, highestWeight: 'all' },
  warm: { ...hasTraffic, highestWeight: 'all', judged: 'after-switch' },
  'promote-stable': { ...canOnlyGoOn, writesWorkload: true },
  'promote-return': canOnlyGoOn,
  'promote-clean': { ...canOnlyGoOn, highestWeight: 'none', configs: 'at-end' },
  roll: {
    ...canBeReverted,
    revertsWhenBroken: true,
    writesWorkload: true,
    configs: 'at-end',
    claimsObjects: true,
  },
  revert: { ...hasTraffic, writesWorkload: true, configs: 'at-end' },
  done: { ...canBeReverted, wayBack: 'over' },
} as const satisfies Record<Phase['kind'], PhaseFacts>

export const factsOf = ({ kind }: Phase): PhaseFacts => phases[kind]
