import { type Job, type KubeObject, readManifests } from '@alt-las/kubernetes'
import { simulate, type Simulation } from '@alt-las/simulated-cluster'
import { silentLog } from '@alt-las/testing'
import { canaryDeploy } from '../../../actions/canary-deploy/src/canary-deploy.ts'
import type { Given } from '../../../actions/canary-deploy/src/given.ts'
import type { Ports } from '../../../actions/canary-deploy/src/ports.ts'
import { inputs } from '../../../actions/canary-deploy/src/testing/inputs.ts'
import { nothingKnown } from '../../../packages/rollout/judging/judge-settings.ts'
import { type Right, recordingCluster, right } from './recording-cluster.ts'

export interface Deployed {
  readonly deployment: string
  /** Paths of its `manifests`. */
  readonly manifests: readonly string[]
}

const namespace = 'atlas-production'
const guardImage = `docker.io/alpine/kubectl@sha256:${'a'.repeat(64)}`

/** Every right that a first installation, a canary and a rollback of these services ask for or use. */
export async function rightsOfRelease(services: readonly Deployed[]): Promise<ReadonlySet<Right>> {
  const simulation = simulate({
    objects: [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }],
    behaviour: (image) => (image === guardImage ? 'pending' : 'ready'),
  })
  armGuards(simulation)
  const recorded = recordingCluster(simulation.cluster)
  const shop = { ...recorded, simulation }
  for (const [index, release] of ['v1', 'v2'].entries())
    for (const { deployment, manifests } of services) {
      const image = `ghcr.io/alt-las/${deployment}@sha256:${String(index + 1).repeat(64)}`
      await run(shop, { deployment, manifests: [...manifests], image, release })
    }
  await run(shop, { operation: 'rollback', deployment: null, release: 'v2' })
  return new Set([...recorded.used, ...recorded.askedFor, ...grantedToGuards(simulation)])
}

async function run(
  shop: { readonly simulation: Simulation; readonly cluster: Ports['cluster'] },
  given: Partial<Given> & { readonly release: string },
): Promise<void> {
  const { clock } = shop.simulation
  const ports: Ports = {
    cluster: shop.cluster,
    scrapes: errorFree(clock),
    clock,
    log: silentLog(),
    interrupted: new AbortController().signal,
    holder: `run/${given.release}/${given.deployment ?? 'all'}`,
    refName: given.release,
    random: (length) => new Uint8Array(length),
    readManifests,
  }
  const service = { namespace, name: 'prometheus', port: '9090' }
  const overrides = {
    namespace,
    router: 'auto',
    guardImage,
    metricsUrl: { kind: 'service', service, prefix: '' },
  } as const
  const outcome = await canaryDeploy(inputs({ ...overrides, ...given }), ports)
  shop.simulation.settle()
  if (outcome.kind !== 'passed') throw new Error(outcome.because)
}

/** Blocks of five seconds in which both versions answer everything. */
function errorFree(clock: Ports['clock']): Ports['scrapes'] {
  return {
    history: () => Promise.resolve(nothingKnown),
    next: async (_plan, from, { weight }) => {
      await clock.sleep(5000)
      if (from === null) return { kind: 'start', readTo: clock.now() }
      const share = (weight ?? 0) / 100
      const arm = (part: number) => ({ requests: Math.round(20_000 * part), errors: 0 })
      const block = { from, to: clock.now(), canary: arm(share), stable: arm(1 - share), weight: share }
      return { kind: 'block', block }
    },
  }
}

/** A simulated Job's pod ends; a dead-man's switch has to watch. Each gets a pod that is ready. */
function armGuards({ cluster }: Simulation): void {
  cluster.hooks.afterCall = ({ verb, body }) => {
    const job = body as Job
    if (verb !== 'apply' || job.kind !== 'Job') return
    const { name } = job.metadata
    const { template } = job.spec
    const labels = { ...template.metadata?.labels, 'job-name': name }
    const status = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] }
    const metadata = { name: `${name}-ready`, namespace, labels }
    cluster.put({ apiVersion: 'v1', kind: 'Pod', metadata, spec: template.spec, status } as KubeObject)
  }
}

interface Role extends KubeObject {
  readonly rules: readonly {
    readonly apiGroups: readonly string[]
    readonly resources: readonly string[]
    readonly verbs: readonly string[]
  }[]
}

/** Who grants a right must hold it. */
const grantedToGuards = ({ cluster }: Simulation): readonly Right[] =>
  cluster
    .all<Role>('Role')
    .flatMap(({ rules }) =>
      rules.flatMap(({ apiGroups, resources, verbs }) =>
        verbs.map((verb) => right({ verb, group: apiGroups[0] ?? '', resource: resources[0] ?? '' })),
      ),
    )
