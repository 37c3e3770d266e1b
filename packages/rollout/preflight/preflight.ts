// Checks before the first write: changes that would cut pods off, be refused by the API server or never end, each with its remedy.
import type { Cluster, Deployment, DryRun, KubeObject, Pod, Service } from '@alt-las/kubernetes'
import { foreignRoutes } from '@alt-las/routers'
import { inOrder } from '../apply/objects.ts'
import type { Plan } from '../model/plan.ts'
import { observeClaims } from '../observe/observe-claims.ts'
import { observePolicies } from '../observe/observe-policies.ts'
import { observeQuotas } from '../observe/observe-quotas.ts'
import { observePods, observeServices } from '../observe/observe-selection.ts'
import type { Versions } from '../observe/workloads/observe-versions.ts'
import { routedPortsOf } from '../observe/smoke-target.ts'
import { attachedPolicies } from './attached-policies.ts'
import { strategyOf, versionNames } from '../strategies/strategies.ts'
import { type Answer, dryRunAll, nextOf } from './answers.ts'
import { deadEnds } from './dead-ends.ts'
import { peakOf } from './peak.ts'
import { overQuota } from './quota.ts'
import type { Demand } from './quota-together.ts'
import type { Refusal } from './refusal.ts'
import { refusedObjects } from './refused-objects.ts'
import { type Labels, roleOf, selectorOf } from './selectors.ts'
import { type ServiceChange, servedPods } from './served-pods.ts'
import { untestable } from './untestable.ts'
import { ownObjects, wantedWorkload } from './written-objects.ts'

export interface Asked {
  readonly plan: Plan
  /** The objects of `manifests` beside the workload. */
  readonly others: readonly KubeObject[]
  readonly versions: Versions
  /** The plan's version has all traffic already: only the other objects are applied. */
  readonly serving: boolean
}

export interface Preflight {
  readonly refusals: readonly Refusal[]
  /** Facts that could not be read, one sentence each. */
  readonly unseen: readonly string[]
  /** What will be otherwise than one might think, and is in the way of nothing. */
  readonly notes: readonly string[]
  /** The API server's answers for the user's own objects, the workload last. */
  readonly answers: readonly Answer[]
  /** The pods that it adds, with the quotas that they must fit in; null = none, or the quotas are not known. */
  readonly demand: Demand | null
}

type DryRunReader = Pick<Cluster, 'get' | 'list'> & DryRun

/** All problems of this plan that can be found before the first write. Only reads. */
export async function preflight(asked: Asked, cluster: DryRunReader): Promise<Preflight> {
  const { plan, others, serving } = asked
  const workload = await wantedWorkload(plan, cluster)
  const [live, answers] = await Promise.all([
    observeServices(plan, cluster),
    dryRunAll([...inOrder(others), workload], others, cluster),
  ])
  const services = servicesOf(plan, live, answers)
  const pods = await observePods(plan.namespace, selectorsOf(plan, services), cluster)
  const served = servedPods({ plan, services, pods, live: asked.versions.live })
  const next = (answers.map(nextOf).at(-1) ?? workload) as Deployment
  const found = serving
    ? { refusals: [], unseen: [], notes: [], demand: null }
    : await ahead({ ...asked, next, services, pods }, cluster)
  return {
    refusals: [...served, ...refusedObjects(answers), ...found.refusals],
    unseen: found.unseen,
    notes: found.notes,
    demand: found.demand,
    answers,
  }
}

interface Ahead extends Asked {
  readonly next: Deployment
  readonly services: readonly ServiceChange[]
  readonly pods: readonly Pod[]
}

/** The steps after the manifests' own objects: the second version and the update of the workload. */
async function ahead(
  { plan, others, versions: { stable }, next, services, pods }: Ahead,
  cluster: DryRunReader,
): Promise<Omit<Preflight, 'answers'>> {
  const { namespace } = plan
  const serves = stable !== null && stable.ready > 0
  const replicas = serves ? stable.replicas : 0
  const service = services.find(({ after }) => after.metadata.name === plan.service)?.after ?? null
  const beside = serves && strategyOf(plan).hasSecondVersion
  const [answers, claims, quotas, attached, foreign, routed] = await Promise.all([
    dryRunAll(
      ownObjects(plan, { replicas, service, services: services.map(({ after }) => after) }),
      others,
      cluster,
    ),
    observeClaims(plan.desired.spec.template.spec, namespace, cluster),
    observeQuotas(namespace, cluster),
    beside ? observePolicies(namespace, cluster) : { policies: [], unseen: [] },
    beside ? foreignRoutes(plan, cluster) : [],
    plan.smoke === undefined ? [] : routedPortsOf(plan, cluster),
  ])
  const wanted = next.spec.replicas ?? (plan.workload === 'DaemonSet' ? replicas : 1)
  const peak = peakOf(plan, { replicas, wanted }, next)
  const own = pods.filter((pod) => isCounted(pod) && roleOf(pod, plan) !== 'other').length
  const pod = plan.desired.spec.template.spec
  const wantedPods = { pod, extra: Math.max(0, peak.pods - own), because: peak.because }
  const demand = quotas === null ? null : { wanted: wantedPods, quotas }
  return {
    demand,
    refusals: [
      ...refusedObjects(answers),
      ...(beside ? attachedPolicies({ plan, policies: attached.policies, declared: others }) : []),
      ...deadEnds({ plan, next, serving: serves, claims }),
      ...untestable({ plan, next, service, routed, claims, serving: serves }),
      ...(demand === null ? [] : overQuota(demand.wanted, demand.quotas)),
    ],
    notes:
      foreign.length === 0
        ? []
        : [
            `requests to the Service ${plan.service} by ${foreign.join(', ')} are not split: all of them stay on ${versionNames(plan).old} until promotion`,
          ],
    unseen: [
      ...(quotas === null
        ? ['quotas are not known: the credentials may not list resourcequotas and limitranges']
        : []),
      ...attached.unseen.map(
        (kind) => `whether a ${kind} applies to the Service is not known: the credentials may not list it`,
      ),
    ],
  }
}

/** A quota counts every pod that has not ended. */
const isCounted = ({ status }: Pod): boolean => status?.phase !== 'Succeeded' && status?.phase !== 'Failed'

/** By what the pods are selected that matter here: those of the workload, of its Service, and of every Service that the manifests change. */
function selectorsOf({ desired, service }: Plan, services: readonly ServiceChange[]): readonly Labels[] {
  const changed = services.filter(({ before, after }) => after !== before || after.metadata.name === service)
  const selectors = changed.flatMap(({ before, after }) => [selectorOf(before), selectorOf(after)])
  return [desired.spec.selector.matchLabels ?? {}, ...selectors.filter((one) => one !== null)].filter(
    (one) => Object.keys(one).length > 0,
  )
}

const isService = (object: KubeObject): object is Service => object.kind === 'Service'

/** Every Service of the plan's namespace before and after the manifests are applied, the second version's own left out. */
function servicesOf(
  { namespace, canaryService }: Plan,
  services: readonly Service[],
  answers: readonly Answer[],
): readonly ServiceChange[] {
  const own = answers
    .map(nextOf)
    .filter(isService)
    .filter(({ metadata }) => metadata.namespace === namespace)
  const named = (name: string, all: readonly Service[]) => all.find(({ metadata }) => metadata.name === name)
  return [
    ...services.map((before) => ({ before, after: named(before.metadata.name, own) ?? before })),
    ...own
      .filter(({ metadata }) => named(metadata.name, services) === undefined)
      .map((after) => ({ before: null, after })),
  ].filter(({ after }) => after.metadata.name !== canaryService)
}
