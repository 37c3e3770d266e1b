import type { Cluster, Deployment, HTTPRoute, KubeObject, Pod, Service } from '@alt-las/kubernetes'
import {
  silentLog,
  simulate,
  type Behaviour,
  type FakeClock,
  type FakeCluster,
  type RecordedLog,
} from '@alt-las/testing'
import type { Clock } from '@alt-las/time'
import type { Inputs } from '../inputs.ts'
import type { Ports } from '../ports.ts'
import { shareOf } from '../routers/weights.ts'
import type { Scrapes } from '../scrapes.ts'
import { isReady, selectedPods } from './selected.ts'
import { routedRules } from './routed.ts'

export const v1 = `ghcr.io/alt-las/web@sha256:${'1'.repeat(64)}`
export const v2 = `ghcr.io/alt-las/web@sha256:${'2'.repeat(64)}`
export const v3 = `ghcr.io/alt-las/web@sha256:${'3'.repeat(64)}`

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
  runner(holder: string, interrupted?: AbortSignal, through?: Cluster): Ports
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
  cluster.hooks.onWrite = () => violations.push(...broken(cluster))
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
      scrapes: traffic(simulated, clock),
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

const pair = { namespace: 'shop', service: 'web', canaryService: 'web-canary' }

/** What must hold at every instant; each sentence is one broken promise. */
function broken(cluster: FakeCluster): readonly string[] {
  const services = cluster.all<Service>('Service')
  const ready = (name: string) => {
    const service = services.find((one) => one.metadata.name === name)
    return service === undefined ? [] : selectedPods(service, cluster).filter(isReady)
  }
  const problems: string[] = []
  const pods = cluster.all<Pod>('Pod').filter(isReady)
  if (
    pods.some((pod) => pod.metadata.labels?.['alt-las.dev/track'] === undefined) &&
    services.length > 0 &&
    ready('web').length === 0
  )
    problems.push("stable's Service selects no ready pod")
  for (const refs of routedRules(cluster)) {
    const share = shareOf(refs, pair)
    if (share > 0 && ready('web-canary').length === 0)
      problems.push(`${String(share)}% goes to a canary without a ready pod`)
    if (share < 100 && pods.length > 0 && ready('web').length === 0)
      problems.push(`${String(100 - share)}% goes to a stable without a ready pod`)
  }
  return problems
}

/** Blocks of five seconds out of the weights and the error rates of the images. */
function traffic(lab: SimulatedLab, clock: Clock): Scrapes {
  return {
    history: () => Promise.resolve([]),
    next: async (plan, from, { weight }) => {
      await clock.sleep(5000)
      if (from === null) return { kind: 'start', readTo: clock.now() }
      const share = canaryShare(lab)
      const total = lab.rps * 5
      const arm = (requests: number, deployment: string) => {
        const at = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: deployment }
        const image = lab.cluster.peek<Deployment>(at)?.spec.template.spec.containers[0]?.image ?? ''
        const whole = Math.round(requests)
        return { requests: whole, errors: Math.round(whole * (lab.errors.get(image) ?? 0)) }
      }
      const canary = arm(total * share, 'web-canary')
      // After a blue-green switch the other arm is blue, as it was before.
      const stable = arm(plan.strategy === 'blue-green' ? total : total * (1 - share), 'web')
      return {
        kind: 'block',
        block: { from, to: clock.now(), canary, stable, weight: weight === null ? null : weight / 100 },
      }
    },
  }
}

/** What the route gives to the canary's Service, and what stable's Service gives to pods of the canary. */
function canaryShare({ cluster, shares }: SimulatedLab): number {
  const byRoute = (shares()[0] ?? 0) / 100
  const service = cluster.peek<Service>({ apiVersion: 'v1', kind: 'Service', namespace: 'shop', name: 'web' })
  const ready = service === null ? [] : selectedPods(service, cluster).filter(isReady)
  const ours = ready.filter((pod) => pod.metadata.labels?.['alt-las.dev/track'] === 'canary').length
  return byRoute + (ready.length === 0 ? 0 : (1 - byRoute) * (ours / ready.length))
}

const namespace: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } }

/** What the user's repository holds: Deployment, Service, route. */
export function manifests(): readonly KubeObject[] {
  const labels = { app: 'web' }
  const metadata = { name: 'web', namespace: 'shop' }
  const deployment: Deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { ...metadata, labels },
    spec: {
      replicas: 3,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [
            {
              name: 'web',
              image: 'ghcr.io/alt-las/web',
              env: [
                { name: 'IMAGE_DIGEST', value: '' },
                { name: 'MODE', value: 'x' },
              ],
            },
          ],
        },
      },
    },
  }
  const service: Service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec: { selector: labels, ports: [{ port: 80, targetPort: 8080 }] },
  }
  const route: HTTPRoute = {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata,
    spec: {
      parentRefs: [{ name: 'atlas' }],
      rules: [{ backendRefs: [{ name: 'web', port: 80, weight: 1 }] }],
    },
  }
  return [deployment, service, route]
}

export const inputs = (overrides: Partial<Inputs> = {}): Inputs => ({
  operation: 'deploy',
  strategy: 'canary',
  namespace: 'shop',
  deployment: 'web',
  container: '',
  image: v1,
  manifests: ['k8s'],
  service: '',
  canaryService: '',
  route: '',
  previewService: '',
  router: 'gateway-api',
  steps: {
    pauseAtPreview: false,
    steps: [
      { weight: 10, holdMs: 20_000 },
      { weight: 50, holdMs: 20_000 },
    ],
  },
  pauseAt: '',
  metricsUrl: { kind: 'http', base: 'http://prometheus' },
  metricsToken: '',
  metrics: null,
  risk: 0.01,
  errorMargin: 1.2,
  bake: 0,
  maxDuration: 600_000,
  onUndecided: 'abort',
  rollbackWindow: 0,
  before: [],
  guardImage: '',
  dryRun: false,
  release: '',
  toRelease: '',
  readyTimeout: 120_000,
  timeout: 3_600_000,
  kubeconfig: '',
  context: '',
  gate: 'enforce',
  ...overrides,
})
