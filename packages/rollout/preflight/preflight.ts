import type { Cluster, DryRun, KubeObject, Service } from '@alt-las/kubernetes'
import type { Plan } from '../model/plan.ts'
import { type ObservedSelection, observeSelection } from '../observe/observe-selection.ts'
import { type Answer, dryRunAll, nextOf } from './answers.ts'
import type { Refusal } from './refusal.ts'
import { type ServiceChange, servedPods } from './served-pods.ts'

const isService = (object: KubeObject): object is Service => object.kind === 'Service'

interface Asked {
  readonly plan: Plan
  /** The objects of `manifests` beside the workload. */
  readonly others: readonly KubeObject[]
}

/** Everything that is in the way of this plan, as far as it can be seen before the first write. Reads only. */
export async function preflight(
  { plan, others }: Asked,
  cluster: Pick<Cluster, 'get' | 'list'> & DryRun,
): Promise<readonly Refusal[]> {
  const services = others.filter(isService)
  const [selection, answers] = await Promise.all([
    observeSelection(plan, cluster),
    dryRunAll(services, others, cluster),
  ])
  return servedPods({ plan, services: servicesOf(plan, selection, answers), pods: selection.pods })
}

/** Every Service of the plan's namespace before and after the manifests are applied, the second version's own left out. */
function servicesOf(
  { namespace, canaryService }: Plan,
  { services }: ObservedSelection,
  answers: readonly Answer[],
): readonly ServiceChange[] {
  const own = answers
    .map(nextOf)
    .filter(isService)
    .filter(({ metadata }) => metadata.namespace === namespace)
  const isOther = ({ metadata }: KubeObject) => metadata.name !== canaryService
  const named = (name: string, all: readonly Service[]) => all.find(({ metadata }) => metadata.name === name)
  return [
    ...services.map((before) => ({ before, after: named(before.metadata.name, own) ?? before })),
    ...own
      .filter(({ metadata }) => named(metadata.name, services) === undefined)
      .map((after) => ({ before: null, after })),
  ].filter(({ after }) => isOther(after))
}
