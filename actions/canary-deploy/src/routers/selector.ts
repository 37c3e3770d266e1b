import { Failure } from '@alt-las/failure'
import type { At, Service } from '@alt-las/kubernetes'
import { unpinned } from '../cluster/canary-objects.ts'
import { podHash } from '../names.ts'
import type { Plan } from '../plan/plan.ts'
import { swap } from '../state/swap.ts'
import type { Retreat, RouterCluster } from './router.ts'

/** The pins of both Services as they are now. */
export interface Pins {
  readonly stable: string | null
  /** Of the new version's own Service. */
  readonly canary: string | null
}

export async function pinsOf(plan: Plan, cluster: Pick<RouterCluster, 'get'>): Promise<Pins> {
  const [service, own] = await Promise.all([
    cluster.get<Service>(serviceAt(plan, plan.service)),
    cluster.get<Service>(serviceAt(plan, plan.canaryService)),
  ])
  return {
    stable: service?.spec.selector?.[podHash] ?? null,
    canary: own?.spec.selector?.[podHash] ?? null,
  }
}

/** Pins stable's Service to `hash`, null takes the pin off; one write, under a test of what the selector was. */
export async function pinTo(plan: Plan, hash: string | null, cluster: RouterCluster): Promise<void> {
  const at = serviceAt(plan, plan.service)
  const selector = (await cluster.get<Service>(at))?.spec.selector
  if (selector === undefined || (selector[podHash] ?? null) === hash) return
  const path = '/spec/selector'
  const value = pinned(selector, hash)
  await swap(
    at,
    [
      { op: 'test', path, value: selector },
      { op: 'replace', path, value },
    ],
    cluster,
  )
}

/** The new version's hash. Throws Failure `conflict` where its Service does not select it yet. */
export async function canaryHash(plan: Plan, cluster: RouterCluster): Promise<string> {
  const { canary } = await pinsOf(plan, cluster)
  if (canary !== null) return canary
  throw new Failure('conflict', `Service ${plan.canaryService} does not select the new version's pods yet`, {
    fault: 'outside',
  })
}

/** The patch that pins stable's Service to `stable`, from whatever it is. */
export async function retreatTo(
  plan: Plan,
  stable: string | null,
  cluster: RouterCluster,
): Promise<readonly Retreat[]> {
  const at = serviceAt(plan, plan.service)
  const selector = (await cluster.get<Service>(at))?.spec.selector
  if (selector === undefined || stable === null) return []
  const value = pinned(selector, stable)
  return [{ at, operations: [{ op: 'replace', path: '/spec/selector', value }] }]
}

const pinned = (selector: Readonly<Record<string, string>>, hash: string | null) => ({
  ...unpinned(selector),
  ...(hash === null ? {} : { [podHash]: hash }),
})

const serviceAt = ({ namespace }: Plan, name: string): At => ({
  apiVersion: 'v1',
  kind: 'Service',
  namespace,
  name,
})
