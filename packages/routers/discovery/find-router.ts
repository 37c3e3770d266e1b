import { Failure } from '@alt-las/failure'
import { type Cluster, type KubeObject, title, unlessRefused } from '@alt-las/kubernetes'
import { discoverRoutes } from './discover-routes.ts'
import type { RoutedService } from '../routes/route-kind.ts'
import { type WeighingRouter, routeKindsOf, weighingRouters } from '../routes/routed-kinds.ts'

export interface FoundRouter {
  readonly kind: WeighingRouter
  /** The finding and its meaning, in one sentence. */
  readonly because: string
}

/**
 * The router of the target's service, from the routes that send to it: live ones, and those of the manifests. Throws Failure
 * `no-router` without one and `two-routers` if kinds of several routers send to it (fault input), with the remedy.
 */
export async function findRouter(
  target: RoutedService,
  objects: readonly KubeObject[],
  cluster: Pick<Cluster, 'list'>,
): Promise<FoundRouter> {
  const candidates = await Promise.all(
    weighingRouters.map((kind) => candidate(kind, target, { objects, cluster })),
  )
  const found = candidates.filter(({ names }) => names.length > 0)
  const [only, second] = found
  const service = `${target.namespace}/${target.service}`
  if (only === undefined)
    throw none(
      target,
      candidates.flatMap(({ unseen }) => unseen),
    )
  if (second === undefined)
    return {
      kind: only.kind,
      because: `router ${only.kind}: ${only.names.join(' and ')} ${only.names.length === 1 ? 'sends' : 'send'} to the Service ${service}`,
    }
  throw new Failure(
    'two-routers',
    `the Service ${service} gets traffic by ${found.map((one) => `${one.names.join(' and ')} (router ${one.kind})`).join(' and by ')}: weights of one do not apply to the other`,
    {
      fault: 'input',
      hint: 'name the one that splits the traffic in `router`; traffic of the other stays on stable',
    },
  )
}

interface Candidate {
  readonly kind: WeighingRouter
  readonly names: readonly string[]
  /** Kinds that the credentials may not list. */
  readonly unseen: readonly string[]
}

async function candidate(
  kind: WeighingRouter,
  target: RoutedService,
  { objects, cluster }: { readonly objects: readonly KubeObject[]; readonly cluster: Pick<Cluster, 'list'> },
): Promise<Candidate> {
  const looks = await Promise.all(
    routeKindsOf(kind).map(async (survey) => {
      const live = await unlessRefused(() => discoverRoutes(survey, target.namespace, cluster), {
        forbidden: null,
      })
      const declared = objects.filter((one) => one.kind === survey.kind)
      const names = survey.find([...(live ?? []), ...declared], target).map(({ object }) => title(object))
      return { names, unseen: live === null ? [survey.kind] : [] }
    }),
  )
  return {
    kind,
    names: [...new Set(looks.flatMap(({ names }) => names))],
    unseen: looks.flatMap(({ unseen }) => unseen),
  }
}

function none({ namespace, service, route }: RoutedService, unseen: readonly string[]): Failure {
  const kinds = weighingRouters.flatMap((kind) => routeKindsOf(kind).map((one) => one.kind))
  return new Failure(
    'no-router',
    `no ${kinds.join(', ')} in ${namespace} sends to the Service ${service}${route === null ? '' : ` by ${route}`}`,
    {
      fault: 'input',
      hint:
        unseen.length === 0
          ? 'add such a route to the manifests, or split by the share of pods with `router: replicas`'
          : `the credentials may not list ${unseen.join(', ')}: grant it, or name the \`router\``,
    },
  )
}
