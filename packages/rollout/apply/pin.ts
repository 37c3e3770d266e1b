import { type Cluster, type Service, compareAndSwap } from '@alt-las/kubernetes'
import { podHash, unpinned } from '@alt-las/routers'
import type { Plan } from '../model/plan.ts'
import { serviceAt } from './object-at.ts'

/** The selector is replaced as a whole with a test of its previous value, so that no foreign change is lost. */
export async function pin(hash: string | null, plan: Plan, cluster: Cluster): Promise<void> {
  const at = serviceAt(plan, plan.service)
  const service = await cluster.get<Service>(at)
  const selector = service?.spec.selector
  if (selector === undefined || (selector[podHash] ?? null) === hash) return
  const value = { ...unpinned(selector), ...(hash === null ? {} : { [podHash]: hash }) }
  const test = { op: 'test', path: '/spec/selector', value: selector } as const
  await compareAndSwap(at, [test, { op: 'replace', path: '/spec/selector', value }], cluster)
}
