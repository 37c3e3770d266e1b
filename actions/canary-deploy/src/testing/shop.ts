import type { ConfigMap, Deployment, KubeObject, PodSpec, Secret } from '@alt-las/kubernetes'
import { manifests, v1 } from '../../../../packages/rollout/testing/manifests.ts'
import { canaryDeploy } from '../canary-deploy.ts'
import type { Given } from '../given.ts'
import type { CanaryOutcome } from '../outcome.ts'
import type { Ports } from '../ports.ts'
import { inputs } from './lab.ts'
import { type Habits, type Scenario, scenario } from './scenario.ts'

/** What a test's repository holds beside the usual. */
export interface Repository {
  readonly spec?: Partial<PodSpec>
  readonly objects?: readonly KubeObject[]
  readonly before?: readonly KubeObject[]
}

export interface Shop extends Scenario {
  run(overrides: Partial<Given>, repository?: Repository, ports?: Partial<Ports>): Promise<CanaryOutcome>
  peek<T extends KubeObject>(kind: string, name: string, apiVersion?: string): T | null
  names(kind: string): readonly string[]
}

const steps = { pauseAtPreview: false, steps: [{ weight: 50, holdMs: 5000 }] }

/** A simulated cluster whose user deploys what each run is given. */
export function shop(habits: Habits = {}): Shop {
  const here = scenario(habits)
  const { cluster, clock } = here.simulation
  let runs = 0
  return {
    ...here,
    run: async (overrides, repository = {}, ports = {}) => {
      runs += 1
      const readManifests = (paths: readonly string[]) =>
        Promise.resolve(paths.includes('before') ? (repository.before ?? []) : filesOf(repository))
      const own = { ...here.ports(`run/${runs}/1`, { cluster, clock }), readManifests, ...ports }
      try {
        return await canaryDeploy(inputs({ steps, image: v1, release: 'r1', ...overrides }), own)
      } finally {
        here.simulation.settle()
      }
    },
    peek: (kind, name, apiVersion = 'v1') => cluster.peek({ apiVersion, kind, namespace: 'shop', name }),
    names: (kind) => cluster.all(kind).map(({ metadata }) => metadata.name),
  }
}

/** What the repository holds: Deployment, Service, route, and what the test adds. */
export function filesOf({ spec = {}, objects = [] }: Repository): readonly KubeObject[] {
  return [
    ...manifests().map((one) => (one.kind === 'Deployment' ? withSpec(one as Deployment, spec) : one)),
    ...objects,
  ]
}

function withSpec(deployment: Deployment, more: Partial<PodSpec>): Deployment {
  const { template } = deployment.spec
  const spec = { ...template.spec, ...more }
  return { ...deployment, spec: { ...deployment.spec, template: { ...template, spec } } }
}

export const settings = (data: Record<string, string>, more: Partial<ConfigMap> = {}): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'settings', namespace: 'shop' },
  data,
  ...more,
})

export const login = (password: string): Secret => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'login', namespace: 'shop' },
  stringData: { password },
})

/** Both by every way in which a pod can refer to them. */
export const referring: Partial<PodSpec> = {
  containers: [
    {
      name: 'web',
      image: 'ghcr.io/alt-las/web',
      envFrom: [{ configMapRef: { name: 'settings' } }],
      env: [{ name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'login', key: 'password' } } }],
    },
  ],
  initContainers: [{ name: 'wait', image: 'busybox', envFrom: [{ secretRef: { name: 'login' } }] }],
  volumes: [
    { name: 'a', configMap: { name: 'settings' } },
    { name: 'b', secret: { secretName: 'login' } },
    {
      name: 'c',
      projected: { sources: [{ configMap: { name: 'settings' } }, { secret: { name: 'login' } }] },
    },
    { name: 'd', configMap: { name: 'somebody-elses' } },
  ],
}
