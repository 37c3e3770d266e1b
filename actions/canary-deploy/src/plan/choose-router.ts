import type { Cluster, KubeObject } from '@alt-las/kubernetes'
import { type RouterKind, findRouter } from '@alt-las/routers'
import type { DeployInputs } from '../operation.ts'

export interface ChosenRouter {
  readonly kind: RouterKind
  /** One sentence for the log, the outcome and the summary. */
  readonly because: string
}

type Asked = Pick<
  DeployInputs,
  'strategy' | 'router' | 'namespace' | 'deployment' | 'service' | 'secondService' | 'route'
>

/** The router: given, or found from the routes that send to the service. */
export async function chooseRouter(
  asked: Asked,
  objects: readonly KubeObject[],
  cluster: Pick<Cluster, 'list'>,
): Promise<ChosenRouter> {
  const { strategy, router, namespace, secondService: canaryService, route } = asked
  const service = asked.service ?? asked.deployment
  if (strategy === 'rolling') return { kind: 'none', because: 'rolling: no traffic is split' }
  if (strategy === 'blue-green')
    return { kind: 'service', because: `blue-green: the selector of the Service ${service} is the switch` }
  if (router !== 'auto') return { kind: router, because: `router ${router}: given as input` }
  return findRouter({ namespace, service, canaryService, route }, objects, cluster)
}
