import type { KubeObject } from '@alt-las/kubernetes'
import type { FakeCluster } from '@alt-las/simulated-cluster'
import {
  brokenInvariants,
  brokenInvariantsOfStable,
  silentKinds,
} from '../../../../packages/rollout/testing/oracle/invariants.ts'

/**
 * Reports every invariant that a write breaks, with that write. Pods that die break invariants by themselves: where `canDie`, only a write
 * that turns the traffic has to mend those of the canary.
 */
export function watchInvariants(
  cluster: FakeCluster,
  canDie: () => boolean,
  report: (broken: string) => void,
): void {
  const turnsTraffic = trafficTurns()
  cluster.hooks.onWrite = ({ type, object }) => {
    if (silentKinds.has(object.kind)) return
    const invariants = !canDie() || turnsTraffic(object) ? brokenInvariants : brokenInvariantsOfStable
    for (const broken of invariants(cluster))
      report(`${broken} (${type} ${object.kind} ${object.metadata.name})`)
  }
}

/** True for a route that is not as it was at the last look. */
function trafficTurns(): (object: KubeObject & { readonly spec?: unknown }) => boolean {
  const specs = new Map<string, string>()
  return (object) => {
    if (!routeKinds.has(object.kind)) return false
    const spec = JSON.stringify(object.spec)
    const before = specs.get(object.kind)
    specs.set(object.kind, spec)
    return before !== undefined && before !== spec
  }
}

const routeKinds: ReadonlySet<string> = new Set([
  'HTTPRoute',
  'IngressRoute',
  'TraefikService',
  'VirtualService',
])
