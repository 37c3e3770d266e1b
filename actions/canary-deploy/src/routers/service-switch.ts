import { Failure } from '@alt-las/failure'
import type { At, Service } from '@alt-las/kubernetes'
import { unpinned } from '../canary-objects.ts'
import { podHash } from '../names.ts'
import type { Plan } from '../plan.ts'
import { swap } from '../swap.ts'
import type { Router, RouterCluster } from './router.ts'

/**
 * All or nothing by the selector of stable's Service: it is pinned either to blue's pods or to green's, so that the switch is one write of
 * one object, for callers behind a gateway and in the cluster alike.
 */
export function serviceSwitch(cluster: RouterCluster): Router {
  const read = (plan: Plan, name: string) => cluster.get<Service>(serviceAt(plan, name))
  return {
    see: async (plan) => {
      const [service, green] = await Promise.all([read(plan, plan.service), read(plan, plan.canaryService)])
      const pin = service?.spec.selector?.[podHash] ?? null
      const onGreen = pin !== null && pin === (green?.spec.selector?.[podHash] ?? null)
      return { rules: [], weight: onGreen ? 100 : 0, hasCanary: false, accepted: true, because: 'switched' }
    },
    split: async (plan, percent, stable) => {
      if (percent !== 0 && percent !== 100) throw halves(percent)
      const to = percent === 0 ? stable : await greenHash(plan, read)
      const service = await read(plan, plan.service)
      const selector = service?.spec.selector
      if (to === null || selector === undefined || selector[podHash] === to) return
      await swap(
        serviceAt(plan, plan.service),
        [
          { op: 'test', path: '/spec/selector', value: selector },
          { op: 'replace', path: '/spec/selector', value: { ...unpinned(selector), [podHash]: to } },
        ],
        cluster,
      )
    },
    restore: () => Promise.resolve(),
    retreat: async (plan, stable) => {
      const selector = (await read(plan, plan.service))?.spec.selector
      if (selector === undefined || stable === null) return []
      const value = { ...unpinned(selector), [podHash]: stable }
      return [
        { at: serviceAt(plan, plan.service), operations: [{ op: 'replace', path: '/spec/selector', value }] },
      ]
    },
  }
}

async function greenHash(
  plan: Plan,
  read: (plan: Plan, name: string) => Promise<Service | null>,
): Promise<string> {
  const hash = (await read(plan, plan.canaryService))?.spec.selector?.[podHash]
  if (hash !== undefined) return hash
  throw new Failure('conflict', `Service ${plan.canaryService} does not select the new version's pods yet`, {
    fault: 'outside',
  })
}

const halves = (percent: number) =>
  new Failure('bad-weight', `a Service cannot be switched to ${String(percent)}%, only to 0% or 100%`, {
    fault: 'ours',
  })

const serviceAt = ({ namespace }: Plan, name: string): At => ({
  apiVersion: 'v1',
  kind: 'Service',
  namespace,
  name,
})
