import type { Cluster, DryRun, KubeObject } from '@alt-las/kubernetes'
import { silentLog } from '@alt-las/testing'
import { type Behaviour, type Simulation, type Snapshot, simulate } from '@alt-las/simulated-cluster'
import type { Clock } from '@alt-las/time'
import {
  brokenInvariants,
  brokenInvariantsOfStable,
  silentKinds,
} from '../../../../packages/rollout/testing/invariants.ts'
import { manifests } from '../../../../packages/rollout/testing/manifests.ts'
import { traffic } from '../../../../packages/rollout/testing/traffic.ts'
import type { Ports } from '../ports.ts'
import { owned } from './owned.ts'

/** What the images of a story do. */
export interface Habits {
  readonly behaviours?: Readonly<Record<string, Behaviour>>
  /** Error rate by image, 0..1. */
  readonly errors?: Readonly<Record<string, number>>
  /** What the repository holds; left out: Deployment, Service and HTTPRoute. */
  readonly files?: readonly KubeObject[]
}

/** A simulated cluster with one service, its traffic, and the invariants checked after every single write. */
export interface Scenario {
  readonly simulation: Simulation
  /** Every broken promise, with the write that broke it. */
  readonly violations: string[]
  /** A runner of its own on its way to the cluster. */
  ports(holder: string, lane: { readonly cluster: Cluster & DryRun; readonly clock: Clock }): Ports
}

export function scenario(habits: Habits, from?: Snapshot): Scenario {
  const simulation = simulate({
    ...(from === undefined ? { objects: [namespace] } : { from }),
    behaviour: (image) => habits.behaviours?.[image] ?? 'ready',
    log: () => 'starting\nError: DATABASE_URL is not set',
  })
  const violations: string[] = []
  const { cluster } = simulation
  const isMortal = Object.values(habits.behaviours ?? {}).includes('dies')
  const specs = new Map<string, string>()
  /** Pods that die break invariants by themselves: whoever then turns the traffic has to mend them. */
  const turnsTraffic = (object: KubeObject & { readonly spec?: unknown }): boolean => {
    if (!routeKinds.has(object.kind)) return false
    const spec = JSON.stringify(object.spec)
    const before = specs.get(object.kind)
    specs.set(object.kind, spec)
    return before !== undefined && before !== spec
  }
  cluster.hooks.onWrite = ({ type, object }) => {
    if (silentKinds.has(object.kind)) return
    const invariants = !isMortal || turnsTraffic(object) ? brokenInvariants : brokenInvariantsOfStable
    for (const broken of invariants(cluster))
      violations.push(`${broken} (${type} ${object.kind} ${object.metadata.name})`)
  }
  return {
    simulation,
    violations,
    ports: (holder, lane) => ({
      cluster: owned(holder, lane.cluster, { cluster, report: (broken) => violations.push(broken) }),
      scrapes: traffic(
        cluster,
        { rps: () => 100, errors: (image) => habits.errors?.[image] ?? 0 },
        lane.clock,
      ),
      clock: lane.clock,
      log: silentLog(),
      interrupted: new AbortController().signal,
      holder,
      refName: 'v1.0.0',
      readManifests: () => Promise.resolve(habits.files ?? manifests()),
    }),
  }
}

const routeKinds: ReadonlySet<string> = new Set([
  'HTTPRoute',
  'IngressRoute',
  'TraefikService',
  'VirtualService',
])

const namespace: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } }
