import type { Cluster, Deployment, KubeObject, Pod, Service } from '@alt-las/kubernetes'
import { silentLog, simulate, type Behaviour, type Simulation, type Snapshot } from '@alt-las/testing'
import type { Clock } from '@alt-las/time'
import type { Ports } from '../../ports.ts'
import { shareOf } from '../../routers/weights.ts'
import type { Scrapes } from '../../scrapes.ts'
import { manifests } from '../lab.ts'
import { brokenLaws } from './laws.ts'

/** What the images of a story do. */
export interface Habits {
  readonly behaviours?: Readonly<Record<string, Behaviour>>
  /** Error rate by image, 0..1. */
  readonly errors?: Readonly<Record<string, number>>
}

/** A simulated cluster with one service, its traffic, and the laws looked at after every single write. */
export interface Town {
  readonly simulation: Simulation
  /** Every broken promise, with the write that broke it. */
  readonly violations: string[]
  /** A runner of its own on its way to the cluster. */
  ports(holder: string, lane: { readonly cluster: Cluster; readonly clock: Clock }): Ports
}

export function town(habits: Habits, from?: Snapshot): Town {
  const simulation = simulate({
    ...(from === undefined ? { objects: [namespace] } : { from }),
    behaviour: (image) => habits.behaviours?.[image] ?? 'ready',
    log: () => 'starting\nError: DATABASE_URL is not set',
  })
  const violations: string[] = []
  const { cluster } = simulation
  cluster.hooks.onWrite = ({ type, object }) => {
    for (const broken of brokenLaws(cluster))
      violations.push(`${broken} (${type} ${object.kind} ${object.metadata.name})`)
  }
  return {
    simulation,
    violations,
    ports: (holder, lane) => ({
      cluster: lane.cluster,
      scrapes: traffic(simulation, habits, lane.clock),
      clock: lane.clock,
      log: silentLog(),
      interrupted: new AbortController().signal,
      holder,
      refName: 'v1.0.0',
      readManifests: () => Promise.resolve(manifests()),
    }),
  }
}

const namespace: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } }
const pair = { namespace: 'shop', service: 'web', canaryService: 'web-canary' }
const rps = 100

/** Blocks of five seconds out of the weights and the error rates of the images. */
function traffic({ cluster }: Simulation, { errors = {} }: Habits, clock: Clock): Scrapes {
  const imageOf = (name: string) =>
    cluster.peek<Deployment>({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name })?.spec
      .template.spec.containers[0]?.image ?? ''
  const arm = (requests: number, deployment: string) => {
    const whole = Math.round(requests)
    return { requests: whole, errors: Math.round(whole * (errors[imageOf(deployment)] ?? 0)) }
  }
  return {
    history: () => Promise.resolve([]),
    next: async (plan, from, { weight }) => {
      await clock.sleep(5000)
      if (from === null) return { kind: 'start', readTo: clock.now() }
      const share = canaryShare(cluster)
      const canary = arm(rps * 5 * share, 'web-canary')
      // After a blue-green switch the other arm is blue, as it was before.
      const stable = arm(rps * 5 * (plan.strategy === 'blue-green' ? 1 : 1 - share), 'web')
      const block = { from, to: clock.now(), canary, stable, weight: weight === null ? null : weight / 100 }
      return { kind: 'block', block }
    },
  }
}

/** What the route gives to the canary's Service, and what stable's Service gives to pods of the canary. */
function canaryShare(cluster: Simulation['cluster']): number {
  const route = cluster.all('HTTPRoute')[0] as
    | {
        readonly spec: {
          readonly rules?: readonly { readonly backendRefs?: Parameters<typeof shareOf>[0] }[]
        }
      }
    | undefined
  const byRoute = shareOf(route?.spec.rules?.[0]?.backendRefs ?? [], pair) / 100
  const selector = Object.entries(
    cluster.peek<Service>({ apiVersion: 'v1', kind: 'Service', namespace: 'shop', name: 'web' })?.spec
      .selector ?? { none: 'none' },
  )
  const pods = cluster
    .all<Pod>('Pod')
    .filter(({ metadata }) => selector.every(([key, value]) => metadata.labels?.[key] === value))
  const ours = pods.filter(({ metadata }) => metadata.labels?.['alt-las.dev/track'] === 'canary').length
  return byRoute + (pods.length === 0 ? 0 : (1 - byRoute) * (ours / pods.length))
}
