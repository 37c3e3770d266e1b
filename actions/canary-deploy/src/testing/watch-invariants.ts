import type { KubeObject } from '@alt-las/kubernetes'
import type { FakeCluster } from '@alt-las/simulated-cluster'
import {
  brokenInvariants,
  brokenInvariantsOfStable,
  silentKinds,
} from '../../../../packages/rollout/testing/oracle/invariants.ts'
import { watchServed } from '../../../../packages/rollout/testing/oracle/served.ts'

/**
 * Reports every invariant that a write breaks, with that write. Pods that die break invariants by themselves: where they can, only a write
 * that turns the traffic has to mend those of the canary.
 */
export function watchInvariants(
  cluster: FakeCluster,
  { canDie, isDisturbed, services = ['web'] }: Conditions,
  reports: Reports,
): void {
  const turnsTraffic = trafficTurns()
  const watched = services.map((service) => ({ service, unserved: watchServed(cluster, service) }))
  cluster.hooks.onWrite = ({ type, object }) => {
    if (silentKinds.has(object.kind)) return
    const where = `(${type} ${object.kind} ${object.metadata.name})`
    reports.wrote(where)
    const write = { ours: cluster.current() !== null, disturbed: isDisturbed(), mortal: canDie() }
    const invariants = !canDie() || turnsTraffic(object) ? brokenInvariants : brokenInvariantsOfStable
    for (const { service, unserved } of watched) {
      for (const broken of unserved(write)) reports.unserved(`${broken} ${where}`)
      for (const broken of invariants(cluster, service)) reports.broken(`${broken} ${where}`)
    }
  }
}

export interface Conditions {
  /** Pods of an image die under traffic. */
  readonly canDie: () => boolean
  /** Somebody else has acted on the objects. */
  readonly isDisturbed: () => boolean
  /** The targets by their names. */
  readonly services?: readonly string[]
}

export interface Reports {
  /** After every write. */
  readonly wrote: (where: string) => void
  readonly broken: (sentence: string) => void
  /** Pods are cut off from the user's Service. */
  readonly unserved: (sentence: string) => void
}

/** True for a route that is not as it was at the last look. */
function trafficTurns(): (object: KubeObject & { readonly spec?: unknown }) => boolean {
  const specs = new Map<string, string>()
  return (object) => {
    if (!routeKinds.has(object.kind)) return false
    const spec = JSON.stringify(object.spec)
    const name = `${object.kind} ${object.metadata.name}`
    const before = specs.get(name)
    specs.set(name, spec)
    return before !== undefined && before !== spec
  }
}

const routeKinds: ReadonlySet<string> = new Set([
  'HTTPRoute',
  'IngressRoute',
  'TraefikService',
  'VirtualService',
])
