import type { Cluster, KubeObject } from '@alt-las/kubernetes'
import { type RouterKind, findRouter } from '@alt-las/routers'
import { strategyOf } from '@alt-las/rollout'
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
  switch (strategyOf(asked).router) {
    case 'none':
      return { kind: 'none', because: `${strategy}: no traffic is split` }
    case 'service':
      return {
        kind: 'service',
        because: `${strategy}: the selector of the Service ${service} is the switch`,
      }
    case 'chosen':
  }
  if (router !== 'auto') return { kind: router, because: `router ${router}: given as input` }
  return findRouter({ namespace, service, canaryService, route }, objects, cluster)
}
