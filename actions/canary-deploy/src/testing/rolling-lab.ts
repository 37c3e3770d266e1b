import type { Cluster, DryRun, Deployment, KubeObject, Pod } from '@alt-las/kubernetes'
import type { WorkloadKind } from '@alt-las/rollout'
import { silentLog } from '@alt-las/testing'
import { type Simulation, simulate } from '@alt-las/simulated-cluster'
import { nothingKnown } from '../../../../packages/rollout/judging/judge-settings.ts'
import type { Given } from '../given.ts'
import type { Inputs } from '../operation.ts'
import type { Ports } from '../ports.ts'
import { inputs } from './lab.ts'

export interface RollingLab extends Simulation {
  readonly kind: WorkloadKind
  readonly manifest: Deployment
  /** Images whose pods crash. */
  readonly crashing: Set<string>
  runner(
    holder: string,
    more?: { readonly interrupted?: AbortSignal; readonly cluster?: Cluster & DryRun },
  ): Ports
  live(): Deployment | null
  pods(): readonly Pod[]
}

const nodes = ['a', 'b', 'c'].map((name): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name },
}))
const namespace: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } }

/** One workload of this kind, three pods, no Service, no route, no metrics. */
export function rollingLab(kind: WorkloadKind, overrides: Partial<Deployment['spec']> = {}): RollingLab {
  const crashing = new Set<string>()
  const simulation = simulate({
    objects: [namespace, ...nodes],
    behaviour: (image) => (crashing.has(image) ? 'crash' : 'ready'),
    log: () => 'Error: DATABASE_URL is not set',
    defaults: true,
  })
  const { cluster, clock } = simulation
  const manifest = manifestOf(kind, overrides)
  return {
    ...simulation,
    kind,
    manifest,
    crashing,
    live: () => cluster.peek<Deployment>({ apiVersion: 'apps/v1', kind, namespace: 'shop', name: 'web' }),
    pods: () => cluster.all<Pod>('Pod'),
    runner: (holder, more = {}) => ({
      cluster: more.cluster ?? cluster,
      scrapes: {
        next: () => Promise.reject(new Error('a rolling update reads no metrics')),
        history: () => Promise.resolve(nothingKnown),
      },
      clock,
      log: silentLog(),
      interrupted: more.interrupted ?? new AbortController().signal,
      holder,
      refName: 'v1.0.0',
      readManifests: () => Promise.resolve([manifest]),
    }),
  }
}

function manifestOf(kind: WorkloadKind, overrides: Partial<Deployment['spec']>): Deployment {
  const labels = { app: 'web' }
  const containers = [{ name: 'web', image: 'ghcr.io/alt-las/web' }]
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name: 'web', namespace: 'shop', labels },
    spec: {
      ...(kind === 'DaemonSet' ? {} : { replicas: 3 }),
      ...(kind === 'StatefulSet' ? { serviceName: 'web' } : {}),
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers } },
      ...overrides,
    },
  }
}

export const rollingInputs = (overrides: Partial<Given> = {}): Inputs =>
  inputs({ strategy: 'rolling', router: 'auto', metricsUrl: null, ...overrides })
