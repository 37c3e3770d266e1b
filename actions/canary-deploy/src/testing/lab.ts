import type { Cluster, DryRun, KubeObject } from '@alt-las/kubernetes'
import { type FakeClock, type RecordedLog, silentLog } from '@alt-las/testing'
import { type Behaviour, type FakeCluster, simulate } from '@alt-las/simulated-cluster'
import { brokenInvariants } from '../../../../packages/rollout/testing/invariants.ts'
import { manifests, v1 } from '../../../../packages/rollout/testing/manifests.ts'
import { routedRules } from '../../../../packages/rollout/testing/routed.ts'
import { pair, traffic } from '../../../../packages/rollout/testing/traffic.ts'
import { shareOf } from '../../../../packages/routers/weights.ts'
import type { Given } from '../given.ts'
import { type Inputs, operationOf } from '../operation.ts'
import type { Ports } from '../ports.ts'

export interface SimulatedLab {
  readonly cluster: FakeCluster
  readonly clock: FakeClock
  readonly log: RecordedLog
  readonly ports: Ports
  /** What an invariant found wrong at any write. */
  readonly violations: string[]
  readonly behaviours: Map<string, Behaviour>
  /** Error rate of an image, 0..1. */
  readonly errors: Map<string, number>
  /** Requests per second over both versions. */
  rps: number
  /** Another runner: its own holder, its own clock, its own interruption. */
  runner(holder: string, interrupted?: AbortSignal, through?: Cluster & DryRun): Ports
  settle(): void
  shares(): readonly number[]
}

/** The simulated API server, a gateway, traffic and its metrics. */
export function simulatedLab(): SimulatedLab {
  const behaviours = new Map<string, Behaviour>()
  const errors = new Map<string, number>()
  const simulation = simulate({
    objects: [namespace],
    behaviour: (image) => behaviours.get(image) ?? 'ready',
    log: () => 'starting\nError: DATABASE_URL is not set',
  })
  const { cluster, clock } = simulation
  const log = silentLog()
  const violations: string[] = []
  cluster.hooks.onWrite = () => violations.push(...brokenInvariants(cluster))
  const simulated: SimulatedLab = {
    cluster,
    clock,
    log,
    violations,
    behaviours,
    errors,
    rps: 100,
    ports: undefined as unknown as Ports,
    settle: () => {
      simulation.settle()
    },
    shares: () => routedRules(cluster).map((refs) => shareOf(refs, pair)),
    runner: (holder, interrupted = new AbortController().signal, through = cluster) => ({
      cluster: through,
      scrapes: traffic(
        cluster,
        { rps: () => simulated.rps, errors: (image) => errors.get(image) ?? 0 },
        clock,
      ),
      clock,
      log,
      interrupted,
      holder,
      refName: 'v1.0.0',
      readManifests: () => Promise.resolve(manifests()),
    }),
  }
  return Object.assign(simulated, { ports: simulated.runner('ALT-LAS/web/1/1') })
}

const namespace: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } }

/** The operation of these inputs. */
export const inputs = (overrides: Partial<Given> = {}): Inputs => operationOf({ ...defaults, ...overrides })

const defaults: Given = {
  operation: 'deploy',
  strategy: 'canary',
  namespace: 'shop',
  deployment: 'web',
  container: null,
  image: v1,
  manifests: ['k8s'],
  service: null,
  canaryService: null,
  route: null,
  previewService: null,
  router: 'gateway-api',
  steps: {
    pauseAtPreview: false,
    steps: [
      { weight: 10, holdMs: 20_000 },
      { weight: 50, holdMs: 20_000 },
    ],
  },
  pauseAt: null,
  metricsUrl: { kind: 'http', base: 'http://prometheus' },
  metricsToken: null,
  metrics: null,
  risk: 0.01,
  errorMargin: 1.2,
  latencyMargin: null,
  bake: 0,
  maxDuration: 600_000,
  onUndecided: 'abort',
  syntheticRequests: null,
  rollbackWindow: 0,
  before: [],
  guardImage: null,
  dryRun: false,
  release: null,
  toRelease: null,
  readyTimeout: 120_000,
  timeout: 3_600_000,
  kubeconfig: null,
  context: null,
  gate: 'enforce',
}
