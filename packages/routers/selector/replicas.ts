import type { Deployment } from '@alt-las/kubernetes'
import { noAudience } from '../port/audience.ts'
import { replicasFor } from '../port/capacity.ts'
import { canaryName } from '../port/names.ts'
import { readyEndpoints } from './ready-endpoints.ts'
import { type Router, type RouterCluster, noTargetWeight } from '../port/router.ts'
import { canaryHash, pinTo, pinsOf, resetPatchesTo } from './selector.ts'
import type { Split } from '../port/split.ts'

/**
 * The share of pods behind stable's Service: at 0 it is pinned to stable's pods, at 100 to the canary's, in between it selects both, and
 * the canary's replicas are the weight. Clients with open connections are split by connection, not by request.
 */
export function replicaShare(cluster: RouterCluster): Router {
  return {
    observe: async (plan, { weight: aim } = noTargetWeight) => {
      const [pins, pods, addresses] = await Promise.all([
        pinsOf(plan, cluster),
        podsOf(plan, cluster),
        addressesOf(plan, cluster),
      ])
      const weight = weightOf(plan, { pins, pods, aim })
      const lack = whatIsMissing(weight, pods, addresses)
      return {
        rules: [],
        weight,
        hasCanary: false,
        accepted: lack === null,
        sticky: false,
        because: lack ?? shareOf(pods, addresses),
      }
    },
    split: async (plan, percent, stable) => {
      const hash = percent === 0 ? stable : percent === 100 ? await canaryHash(plan, cluster) : null
      if (hash !== null || (percent > 0 && percent < 100)) await pinTo(plan, hash, cluster)
    },
    sendAudience: () => Promise.reject(noAudience('the share of pods')),
    restore: () => Promise.resolve(),
    resetPatches: (plan, stable) => resetPatchesTo(plan, stable, cluster),
  }
}

interface Pods {
  readonly stable: number
  readonly canary: number
}

interface Looked {
  readonly pins: { readonly stable: string | null; readonly canary: string | null }
  readonly pods: Pods
  readonly aim: number | null
}

function weightOf(plan: Split, { pins, pods, aim }: Looked): number {
  if (pins.stable !== null) return pins.stable === pins.canary ? 100 : 0
  if (pods.canary === 0) return 0
  const isAim =
    aim !== null &&
    aim > 0 &&
    aim < 100 &&
    pods.canary === replicasFor({ router: 'replicas' }, aim, pods.stable)
  return isAim ? aim : Math.round((1000 * pods.canary) / (pods.canary + pods.stable)) / 10
}

/** Desired replicas; an absent canary Deployment counts as 0. */
async function podsOf(plan: Split, cluster: RouterCluster): Promise<Pods> {
  const [stable, canary] = await Promise.all(
    [plan.deployment, canaryName(plan.deployment)].map((name) =>
      cluster.get<Deployment>({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: plan.namespace, name }),
    ),
  )
  const replicas = (one: Deployment | null | undefined) =>
    one === null || one === undefined ? 0 : (one.spec.replicas ?? 1)
  return { stable: replicas(stable), canary: replicas(canary) }
}

/** Ready pods behind stable's Service: all of them, and the canary's. */
interface Addresses {
  readonly all: number
  readonly canary: number
}

async function addressesOf(
  { namespace, service, canaryService }: Split,
  cluster: RouterCluster,
): Promise<Addresses> {
  const [all, own] = await Promise.all([
    readyEndpoints({ namespace, service }, cluster),
    readyEndpoints({ namespace, service: canaryService }, cluster),
  ])
  return { all: all.size, canary: [...all].filter((one) => own.has(one)).length }
}

/** Why the endpoints do not match the weight yet; null when they do. */
function whatIsMissing(weight: number, pods: Pods, { all, canary }: Addresses): string | null {
  const seen = `${all - canary} stable and ${canary} canary endpoints`
  const wanted =
    weight === 0
      ? all > 0 && canary === 0
      : weight === 100
        ? all > 0 && canary === all
        : canary >= pods.canary && all - canary >= pods.stable
  return wanted ? null : `the Service does not have the endpoints of ${weight}% yet: ${seen}`
}

function shareOf({ stable, canary }: Pods, addresses: Addresses): string {
  if (addresses.canary === 0 || addresses.canary === addresses.all)
    return `all endpoints are of ${addresses.canary === 0 ? 'stable' : 'the canary'}`
  const percent = Math.round((1000 * canary) / (canary + stable)) / 10
  return `${canary} of ${canary + stable} pods are the canary's: effectively ${percent}%`
}
