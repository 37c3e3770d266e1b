import { Failure } from '@alt-las/failure'
import { type Cluster, type KubeObject, type Service, title } from '@alt-las/kubernetes'
import { noAudience } from '../port/audience.ts'
import { replicasFor } from '../port/capacity.ts'
import { refuseForeignOwners } from './foreign-owners.ts'
import { discoverRoutes } from './discover-routes.ts'
import { splitsBySelector } from '../port/router-kind.ts'
import { type DiscoveredRoute, routeKindsOf } from '../routes/routed-kinds.ts'
import type { PlannedSplit } from '../port/split.ts'

export interface Around {
  /** The objects of `manifests` beside the workload. */
  readonly declared: readonly KubeObject[]
  /** Of stable; null = no pod serves yet. */
  readonly replicas: number | null
  readonly cluster: Pick<Cluster, 'get' | 'list'>
}

/**
 * Checks before the first write that the plan's router can set the plan's weights. Throws Failure `bad-target` (fault input) with the remedy,
 * or `weights-owned` if another system would reset every weight.
 */
export async function checkRouter(plan: PlannedSplit, around: Around): Promise<void> {
  if (plan.audience !== undefined && splitsBySelector(plan)) throw noAudience(`the router ${plan.router}`)
  if (splitsBySelector(plan)) await checkSelector(plan, around)
  const kinds = routeKindsOf(plan.router)
  if (kinds.length === 0) return
  const found: DiscoveredRoute[] = []
  for (const survey of kinds) {
    const live = survey.find(await discoverRoutes(survey, plan.namespace, around.cluster), plan)
    refuseForeignOwners(
      live.map(({ object }) => object),
      survey.field,
    )
    const declared = around.declared.filter(({ kind }) => kind === survey.kind)
    found.push(...(live.length > 0 ? live : survey.find(declared, plan)))
  }
  if (found.length === 0) throw noRule(plan)
  checkSteps(plan, found)
  checkAudience(found)
}

function checkAudience(found: readonly DiscoveredRoute[]): void {
  for (const { object, audience } of found)
    if (audience !== null)
      throw bad(`${title(object)} cannot send an audience to the canary: ${audience.what}`, audience.remedy)
}

function noRule({ namespace, service, route, router }: PlannedSplit): Failure {
  const kinds = routeKindsOf(router).map(({ kind }) => kind)
  return bad(
    `no ${kinds.join(' or ')} in ${namespace} sends to the Service ${service}${route === null ? '' : ` by ${route}`}`,
    'a canary needs a route whose weights can be set; add one to the manifests',
  )
}

/** Weights that are too small for a route. */
function checkSteps({ steps }: PlannedSplit, found: readonly DiscoveredRoute[]): void {
  for (const { object, smallest } of found) {
    const small = steps.find(({ weight }) => weight < smallest)
    if (small === undefined) continue
    throw bad(
      `${object.kind} ${object.metadata.name} cannot give the canary ${small.weight}%`,
      smallest > 100
        ? 'its weights give the service no traffic'
        : `it supports whole percents only: begin with ${smallest}% or more`,
    )
  }
}

async function checkSelector(plan: PlannedSplit, { replicas, cluster }: Around): Promise<void> {
  const { namespace, service, steps } = plan
  const live = await cluster.get<Service>({ apiVersion: 'v1', kind: 'Service', namespace, name: service })
  if (live !== null) refuseForeignOwners([live], 'selector')
  if (plan.router !== 'replicas' || replicas === null || replicas === 0) return
  for (const { weight } of steps) {
    const canary = replicasFor(plan, weight, replicas)
    if (weight >= 100 || canary / (canary + replicas) <= weight / 100 + 1e-9) continue
    const smallest = Math.ceil(1000 / (1 + replicas)) / 10
    const needed = Math.ceil(100 / weight - 1 - 1e-9)
    throw bad(
      `${weight}% is not possible with ${replicas} stable pods: one canary pod beside them is ${smallest}%`,
      `begin with ${smallest}% or more, run ${needed} replicas, or use a router that sets weights`,
    )
  }
}

const bad = (message: string, hint: string) => new Failure('bad-target', message, { fault: 'input', hint })
