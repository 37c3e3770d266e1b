import { type KubeObject, title } from '@alt-las/kubernetes'
import { isHostOf, splitsBySelector } from '@alt-las/routers'
import type { Plan } from '../model/plan.ts'
import type { Policy } from '../observe/observe-policies.ts'
import { versionNames } from '../strategies/strategies.ts'
import type { Refusal } from './refusal.ts'

interface Attached {
  readonly plan: Plan
  /** Live ones. */
  readonly policies: readonly Policy[]
  /** The objects of the manifests, which may be policies of any kind. */
  readonly declared: readonly KubeObject[]
}

/** A policy that names the Service must also apply to the second version's Service, which has another name. */
export function attachedPolicies({ plan, policies, declared }: Attached): readonly Refusal[] {
  // If the selector splits the traffic, requests arrive at stable's own Service.
  if (splitsBySelector(plan) || plan.router === 'none') return []
  const all = [...declared.filter(isPolicy), ...policies.filter((one) => !isAmong(one, declared))]
  return all.flatMap((policy) => {
    const names = namesOf(policy, plan)
    if (!names.includes(plan.service)) return []
    // A host by name counts before one by a pattern: the pattern's policy is another one.
    const isOther = (one: Policy) => one.kind === policy.kind && !isPattern(one)
    const covered =
      names.includes(plan.canaryService) ||
      all.some((one) => isOther(one) && namesOf(one, plan).includes(plan.canaryService))
    return covered ? [] : [missing(policy, plan)]
  })
}

const isAmong = ({ kind, metadata }: KubeObject, objects: readonly KubeObject[]): boolean =>
  objects.some((one) => one.kind === kind && one.metadata.name === metadata.name)

function isPolicy(object: KubeObject): object is Policy {
  const { spec } = object as Policy
  return spec?.targetRef !== undefined || Array.isArray(spec?.targetRefs) || object.kind === 'DestinationRule'
}

/** Which of the two Services it is about. */
function namesOf({ kind, metadata, spec = {} }: Policy, plan: Plan): readonly string[] {
  const { namespace, service, canaryService } = plan
  if ((metadata.namespace ?? namespace) !== namespace) return []
  if (kind === 'DestinationRule') {
    const { host = '', trafficPolicy } = spec
    const isFor = (name: string) => isHostOf(host, name, namespace) || isWildcardFor(host, name, namespace)
    return trafficPolicy === undefined ? [] : [service, canaryService].filter(isFor)
  }
  return [...(spec.targetRefs ?? []), ...(spec.targetRef === undefined ? [] : [spec.targetRef])]
    .filter((one) => one.kind === 'Service' && (one.group ?? '') === '')
    .map(({ name = '' }) => name)
}

const isPattern = ({ spec }: Policy): boolean => spec?.host?.startsWith('*') === true

const isWildcardFor = (host: string, name: string, namespace: string): boolean =>
  host.startsWith('*') && `${name}.${namespace}.svc.cluster.local`.endsWith(host.slice(1))

function missing(policy: Policy, plan: Plan): Refusal {
  const { service, canaryService } = plan
  const { fresh, old } = versionNames(plan)
  return {
    what: `${title(policy)} applies to the Service ${service}, and no policy to the Service ${canaryService}, so ${fresh} would get requests in another way than ${old}`,
    remedy:
      policy.kind === 'DestinationRule'
        ? `add a DestinationRule of the host ${canaryService} with the same trafficPolicy to the manifests`
        : `name the Service ${canaryService} in its spec.targetRefs as well; the Service may be created later`,
  }
}
