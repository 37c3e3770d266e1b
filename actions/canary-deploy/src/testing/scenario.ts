import type { KubeObject } from '@alt-las/kubernetes'
import { type RecordedLog, silentLog } from '@alt-las/testing'
import {
  type Behaviour,
  type FakeCluster,
  type Simulation,
  type Snapshot,
  simulate,
} from '@alt-las/simulated-cluster'
import type { SmokeResult } from '@alt-las/rollout'
import type { Clock } from '@alt-las/time'
import { nothingKnown } from '../../../../packages/rollout/judging/judge-settings.ts'
import { canaryShares } from '../../../../packages/rollout/testing/oracle/routes.ts'
import { manifests, v1 } from '../../../../packages/rollout/testing/manifests.ts'
import { savedState } from '../../../../packages/rollout/testing/oracle/state.ts'
import { type Losses, watchLosses } from '../../../../packages/rollout/testing/oracle/lost.ts'
import { traffic } from '../../../../packages/rollout/testing/traffic.ts'
import { canaryDeploy } from '../canary-deploy.ts'
import type { Given } from '../given.ts'
import type { CanaryOutcome } from '../outcome.ts'
import type { Ports } from '../ports.ts'
import { inputs } from './inputs.ts'
import { owned } from './owned.ts'
import { type Repository, filesOf } from './repository.ts'
import { smoked } from './smoked.ts'
import { watchInvariants } from './watch-invariants.ts'

/** What a scenario begins with, and what its images do. */
export interface Habits {
  /** By image; left out: its pods get ready. */
  readonly behaviours?: Readonly<Record<string, Behaviour>>
  /** Error rate by image, 0..1. */
  readonly errors?: Readonly<Record<string, number>>
  /** What the API tests of an image give; left out: they pass. */
  readonly tests?: Readonly<Record<string, SmokeResult['outcome']>>
  /** The same from the time on at which all traffic came to the new version. */
  readonly lateErrors?: Readonly<Record<string, number>>
  /** Requests a second over both versions; left out: 100. */
  readonly rps?: number
  /** What the repository holds; left out: Deployment, Service and HTTPRoute. */
  readonly files?: readonly KubeObject[]
  /** What the cluster holds beside the namespace `shop`. */
  readonly objects?: readonly KubeObject[]
  /** The API server fills in its defaults. */
  readonly defaults?: boolean
  /** The targets by their names; left out: `web`. */
  readonly services?: readonly string[]
  /** False: a query of metrics fails. */
  readonly hasMetrics?: boolean
}

/** A simulated cluster with one service and its traffic; the invariants are checked after every single write. */
export interface Scenario extends Simulation {
  readonly log: RecordedLog
  /** Every broken invariant, with the write that broke it. */
  readonly violations: string[]
  /** Violations about pods that the user's Service has lost: these hold whatever other people do. */
  readonly unserved: string[]
  /** Requests that found no pod so far. */
  losses(): Losses
  /** True once somebody else has acted on the objects. */
  isDisturbed: boolean
  readonly behaviours: Map<string, Behaviour>
  /** Error rate of an image, 0..1. */
  readonly errors: Map<string, number>
  /** Requests per second over both versions. */
  rps: number
  /** The audience's share of them, 0..1. */
  audience: number
  /** Of the usual runner. */
  readonly ports: Ports
  /** Another runner: its own holder, its own way to the cluster, its own interruption. */
  runner(holder: string, own?: Partial<Pick<Ports, 'cluster' | 'clock' | 'interrupted'>>): Ports
  /** A run of its own with one step of 50 %, after which everything settles. */
  run(overrides: Partial<Given>, repository?: Repository, ports?: Partial<Ports>): Promise<CanaryOutcome>
  /** The canary's weight in percent, by rule of every route. */
  shares(): readonly number[]
  peek<T extends KubeObject>(kind: string, name: string, apiVersion?: string): T | null
  names(kind: string): readonly string[]
}

/** Every world of tests is made here, from nothing or from a snapshot. */
export function scenario(habits: Habits = {}, from?: Snapshot): Scenario {
  const behaviours = new Map(Object.entries(habits.behaviours ?? {}))
  const errors = new Map(Object.entries(habits.errors ?? {}))
  const simulation = simulate({
    ...(from === undefined ? { objects: [namespace, ...(habits.objects ?? [])] } : { from }),
    behaviour: (image) => behaviours.get(image) ?? 'ready',
    log: () => 'starting\nError: DATABASE_URL is not set',
    defaults: habits.defaults ?? false,
  })
  const { cluster, clock } = simulation
  const log = silentLog()
  const violations: string[] = []
  const unserved: string[] = []
  const lost = watchLosses(cluster, () => clock.elapsed())
  const report = (broken: string): void => void violations.push(broken)
  watchInvariants(
    cluster,
    {
      canDie: () => [...behaviours.values()].includes('dies'),
      isDisturbed: () => here.isDisturbed,
      services: habits.services ?? ['web'],
    },
    {
      wrote: lost.wrote,
      broken: report,
      unserved: (broken) => {
        report(broken)
        unserved.push(broken)
      },
    },
  )
  const errorsOf = (image: string): number =>
    (isLate(cluster) ? habits.lateErrors?.[image] : undefined) ?? errors.get(image) ?? 0
  const visitors = { rps: () => here.rps, errors: errorsOf, audience: () => here.audience }
  const scrapes = (own: Clock): Ports['scrapes'] =>
    habits.hasMetrics === false ? noMetrics : traffic(cluster, visitors, own)
  const runner: Scenario['runner'] = (holder, own = {}) => ({
    cluster: owned(holder, own.cluster ?? cluster, { cluster, report }),
    scrapes: scrapes(own.clock ?? clock),
    clock: own.clock ?? clock,
    log,
    interrupted: own.interrupted ?? new AbortController().signal,
    holder,
    refName: 'v1.0.0',
    random: (length) => new Uint8Array(length),
    smoke: smoked(cluster, (image) => habits.tests?.[image] ?? 'passed'),
    readManifests: () => Promise.resolve(habits.files ?? manifests()),
  })
  let runs = 0
  const here: Scenario = {
    ...simulation,
    log,
    violations,
    unserved,
    losses: lost.losses,
    isDisturbed: false,
    behaviours,
    errors,
    rps: habits.rps ?? 100,
    audience: 0.05,
    ports: runner('ALT-LAS/web/1/1'),
    runner,
    run: async (overrides, repository = {}, ports = {}) => {
      runs += 1
      const readManifests = (paths: readonly string[]) =>
        Promise.resolve(paths.includes('before') ? (repository.before ?? []) : filesOf(repository))
      const own = { ...runner(`run/${runs}/1`), readManifests, ...ports }
      try {
        return await canaryDeploy(inputs({ steps, image: v1, release: 'r1', ...overrides }), own)
      } finally {
        simulation.settle()
      }
    },
    shares: () => canaryShares(cluster),
    peek: (kind, name, apiVersion = 'v1') => cluster.peek({ apiVersion, kind, namespace: 'shop', name }),
    names: (kind) => cluster.all(kind).map(({ metadata }) => metadata.name),
  }
  return here
}

/** The rollback window has begun, by the saved state. */
const isLate = (cluster: FakeCluster): boolean =>
  ['warm', 'compare'].includes(savedState(cluster)?.phase.kind ?? '')

const namespace: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } }
const steps = { pauseAtPreview: false, steps: [{ weight: 50, holdMs: 5000 }] }

const noMetrics: Ports['scrapes'] = {
  next: () => Promise.reject(new Error('this scenario has no metrics')),
  history: () => Promise.resolve(nothingKnown),
}
