// Routers without a route: the selector of stable's Service splits the traffic, by the share of pods or as one switch.
import { Failure } from '@alt-las/failure'
import { type At, type Service, compareAndSwap } from '@alt-las/kubernetes'
import { podHash } from '../port/names.ts'
import type { ResetPatch, RouterCluster } from '../port/router.ts'
import type { Split } from '../port/split.ts'

/** The pins of both Services as they are now. */
export interface Pins {
  readonly stable: string | null
  /** Of the new version's own Service. */
  readonly canary: string | null
}

export async function pinsOf(plan: Split, cluster: Pick<RouterCluster, 'get'>): Promise<Pins> {
  const [service, own] = await Promise.all([
    cluster.get<Service>(serviceAt(plan, plan.service)),
    cluster.get<Service>(serviceAt(plan, plan.canaryService)),
  ])
  return {
    stable: service?.spec.selector?.[podHash] ?? null,
    canary: own?.spec.selector?.[podHash] ?? null,
  }
}

/** Pins stable's Service to `hash`, or removes the pin (null); one write that tests the previous selector. */
export async function pinTo(plan: Split, hash: string | null, cluster: RouterCluster): Promise<void> {
  const at = serviceAt(plan, plan.service)
  const selector = (await cluster.get<Service>(at))?.spec.selector
  if (selector === undefined || (selector[podHash] ?? null) === hash) return
  const path = '/spec/selector'
  const value = pinned(selector, hash)
  await compareAndSwap(
    at,
    [
      { op: 'test', path, value: selector },
      { op: 'replace', path, value },
    ],
    cluster,
  )
}

/** The new version's hash. Throws Failure `conflict` if its Service does not select it yet. */
export async function canaryHash(plan: Split, cluster: RouterCluster): Promise<string> {
  const { canary } = await pinsOf(plan, cluster)
  if (canary !== null) return canary
  throw new Failure('conflict', `Service ${plan.canaryService} does not select the new version's pods yet`, {
    fault: 'outside',
  })
}

/** The patch that pins stable's Service to `stable`, from any state. */
export async function resetPatchesTo(
  plan: Split,
  stable: string | null,
  cluster: RouterCluster,
): Promise<readonly ResetPatch[]> {
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

const serviceAt = ({ namespace }: Split, name: string): At => ({
  apiVersion: 'v1',
  kind: 'Service',
  namespace,
  name,
})

/** A selector without the pin of a rollout. */
export function unpinned(selector: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(selector).filter(([key]) => key !== podHash))
}
