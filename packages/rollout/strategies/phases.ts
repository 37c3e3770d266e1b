import type { Phase } from '../model/phase.ts'

/** The facts of each phase, in one table. */
export interface PhaseFacts {
  /**
   * `none`: nothing to undo. `revert`: traffic to stable, canary removed. `forward`: the old pods are gone, the rollout
   * can only be completed. `over`: nothing is left to do.
   */
  readonly wayBack: 'none' | 'revert' | 'forward' | 'over'
  /** A run that breaks here rolls back by itself. A migration is not interrupted, and a pause has no run. */
  readonly revertsWhenBroken: boolean
  /** The highest weight of the canary in this phase, its audience aside: `step` and `paused` have their own. */
  readonly highestWeight: 'none' | 'own' | 'all'
  /** The canary may still have traffic if the rollback breaks. */
  readonly mayLeaveTraffic: boolean
  /** The workload itself is written: a version on it counts only where this rollout wrote it. */
  readonly writesWorkload: boolean
  /** When ConfigMaps and Secrets are read: before anything is applied, before the end, or never. */
  readonly configs: 'at-begin' | 'at-end' | 'never'
  /** The version is judged by its traffic: in every strategy, where all traffic was moved at once, or not. */
  readonly judged: 'always' | 'after-switch' | 'never'
  /** New Services or routes may exist: entering the phase writes the fencing token onto them. */
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
  smoke: { ...canBeReverted, revertsWhenBroken: true },
  audience: { ...hasTraffic, judged: 'always' },
  step: { ...hasTraffic, highestWeight: 'own', judged: 'always' },
  paused: { ...canBeReverted, highestWeight: 'own' },
  'promote-traffic': { ...hasTraffic, highestWeight: 'all' },
  warm: { ...hasTraffic, highestWeight: 'all', judged: 'after-switch' },
  // The phase is saved before the weight comes down: until then the new version still has all traffic.
  compare: { ...hasTraffic, highestWeight: 'all', judged: 'always' },
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
