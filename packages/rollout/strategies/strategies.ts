import type { Plan, Strategy } from '../model/plan.ts'
import type { VersionNames } from './version-names.ts'

/** What a strategy means: this table is the only place that says so. */
export interface StrategyFacts {
  /** How the new version gets its traffic: share by share, all in one write, or by the workload's own update. */
  readonly traffic: 'in-steps' | 'at-once' | 'by-update'
  /** A second workload with a Service of its own runs beside the old one. */
  readonly hasSecondVersion: boolean
  readonly names: VersionNames
}

const canaryNames = { fresh: 'the canary', name: 'canary', old: 'stable' } as const

export const strategies = {
  canary: { traffic: 'in-steps', hasSecondVersion: true, names: canaryNames },
  'blue-green': {
    traffic: 'at-once',
    hasSecondVersion: true,
    names: { fresh: 'green', name: 'green', old: 'blue' },
  },
  rolling: { traffic: 'by-update', hasSecondVersion: false, names: canaryNames },
} as const satisfies Record<Strategy, StrategyFacts>

export const strategyOf = ({ strategy }: Pick<Plan, 'strategy'>): StrategyFacts => strategies[strategy]

/** The name that people use for either version; the objects have the same names in every strategy. */
export const versionNames = (plan: Pick<Plan, 'strategy'>): VersionNames => strategyOf(plan).names
