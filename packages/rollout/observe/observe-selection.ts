import { unlessRefused, type Cluster, type Pod, type Service } from '@alt-las/kubernetes'
import type { Plan } from '../model/plan.ts'

/** The Services of the plan's namespace; left out if a rolling update without a Service may not list them. */
export async function observeServices(
  { namespace, service }: Pick<Plan, 'namespace' | 'service'>,
  cluster: Pick<Cluster, 'list'>,
): Promise<readonly Service[]> {
  const list = () => cluster.list<Service>({ apiVersion: 'v1', kind: 'Service', namespace })
  return unlessRefused(list, service === '' ? { forbidden: [] } : {})
}

type Labels = Readonly<Record<string, string>>

/** The pods that at least one of these selectors takes in, each once: a namespace may hold a thousand others. */
export async function observePods(
  namespace: string,
  selectors: readonly Labels[],
  cluster: Pick<Cluster, 'list'>,
): Promise<readonly Pod[]> {
  const found = await Promise.all(
    widest(selectors).map((selector) => {
      const labelSelector = Object.entries(selector)
        .map((entry) => entry.join('='))
        .join(',')
      return cluster.list<Pod>({ apiVersion: 'v1', kind: 'Pod', namespace, labelSelector })
    }),
  )
  return [...new Map(found.flat().map((pod) => [pod.metadata.name, pod])).values()]
}

/** Without those that ask for more than another one does: their pods are among its pods. */
function widest(selectors: readonly Labels[]): readonly Labels[] {
  const isWithin = (one: Labels, other: Labels) =>
    Object.entries(other).every(([key, value]) => one[key] === value)
  return selectors.filter(
    (one, index) =>
      !selectors.some(
        (other, at) => at !== index && isWithin(one, other) && (!isWithin(other, one) || at < index),
      ),
  )
}
