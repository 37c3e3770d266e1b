// What canary, blue-green and rolling mean, and each phase of theirs: facts in tables, read by everything that decides or writes.
import type { Plan, Strategy, WorkloadKind } from '../model/plan.ts'
import type { VersionNames } from './version-names.ts'

/** The facts of each strategy, in one table. */
export interface StrategyFacts {
  /** How the new version gets its traffic: share by share, all in one write, or by the workload's own update. */
  readonly traffic: 'in-steps' | 'at-once' | 'by-update'
  /** A second workload with its own Service runs beside the old one. */
  readonly hasSecondVersion: boolean
  /** The workloads that it can replace. */
  readonly workloads: readonly WorkloadKind[]
  /** What splits its traffic: what the inputs say or the routes show, the selector of the Service alone, or nothing. */
  readonly router: 'chosen' | 'service' | 'none'
  /** Which input names the Service of the second version. */
  readonly secondService: 'canary-service' | 'preview-service'
  /** Where it can stop for a person: before the first weight and after each step, before its switch only, or nowhere. */
  readonly pauses: 'at-steps' | 'at-preview' | 'never'
  /** No version is promoted without metrics. */
  readonly needsMetrics: boolean
  readonly names: VersionNames
}

const canaryNames = { fresh: 'the canary', name: 'canary', old: 'stable' } as const

export const strategies = {
  canary: {
    traffic: 'in-steps',
    hasSecondVersion: true,
    workloads: ['Deployment'],
    router: 'chosen',
    secondService: 'canary-service',
    pauses: 'at-steps',
    needsMetrics: true,
    names: canaryNames,
  },
  'blue-green': {
    traffic: 'at-once',
    hasSecondVersion: true,
    workloads: ['Deployment'],
    router: 'service',
    secondService: 'preview-service',
    pauses: 'at-preview',
    needsMetrics: true,
    names: { fresh: 'green', name: 'green', old: 'blue' },
  },
  rolling: {
    traffic: 'by-update',
    hasSecondVersion: false,
    workloads: ['Deployment', 'StatefulSet', 'DaemonSet'],
    router: 'none',
    secondService: 'canary-service',
    pauses: 'never',
    needsMetrics: false,
    names: canaryNames,
  },
} as const satisfies Record<Strategy, StrategyFacts>

export const strategyNames = Object.keys(strategies) as readonly Strategy[]

export const strategyOf = ({ strategy }: Pick<Plan, 'strategy'>): StrategyFacts => strategies[strategy]

/** The names of the two versions for people; the objects have the same names in every strategy. */
export const versionNames = (plan: Pick<Plan, 'strategy'>): VersionNames => strategyOf(plan).names
