// What the cluster shows of a rollout, beside the workload itself: configuration, Jobs, autoscaler, other objects.
import type { At } from '@alt-las/kubernetes'
import { podSelector } from '@alt-las/workload-health'
import { canaryName, routePlaces } from '@alt-las/routers'
import { type Plan, workloadAt } from '../model/plan.ts'
import { strategyOf } from '../strategies/strategies.ts'

/** All objects of an observation: watched, so that an observation needs no call. */
export function watchedBy(plan: Plan): readonly At[] {
  const { namespace } = plan
  const { labelSelector = '' } = podSelector(plan.desired)
  const services = !strategyOf(plan).hasSecondVersion ? [plan.service] : [plan.service, plan.canaryService]
  const beside = strategyOf(plan).hasSecondVersion
  return [
    workloadAt(plan),
    ...(beside ? [{ ...workloadAt(plan), name: canaryName(plan.deployment) }] : []),
    ...(plan.workload === 'Deployment'
      ? [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', namespace, labelSelector }]
      : []),
    { apiVersion: 'v1', kind: 'Pod', namespace, labelSelector },
    ...services.filter((name) => name !== '').flatMap((name) => serviceAndEndpoints(namespace, name)),
    { apiVersion: 'v1', kind: 'Event', namespace },
    { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', namespace },
    ...routePlaces(plan),
  ]
}

/** The places of several rollouts without selectors: each kind of object is watched once for all of them. */
export function namespacesOf(plans: readonly Plan[]): readonly At[] {
  const wide = plans
    .flatMap(watchedBy)
    .map(({ apiVersion, kind, namespace = '' }): At & { readonly namespace: string } => ({
      apiVersion,
      kind,
      namespace,
    }))
  const byKind = new Map(wide.map((at) => [`${at.apiVersion} ${at.kind} ${at.namespace}`, at]))
  return [...byKind.values()]
}

function serviceAndEndpoints(namespace: string, name: string): readonly At[] {
  const labelSelector = `kubernetes.io/service-name=${name}`
  return [
    { apiVersion: 'v1', kind: 'Service', namespace, name },
    { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', namespace, labelSelector },
  ]
}
