import { type Deployment, type Pod, type PodTemplate, type Service, title } from '@alt-las/kubernetes'
import type { Plan } from '../model/plan.ts'
import { isReady } from '../observe/workloads/pod-facts.ts'
import { strategyOf } from '../strategies/strategies.ts'
import { type Refusal, counted } from './refusal.ts'
import {
  type Labels,
  hasPort,
  lacking,
  lackingPorts,
  newPorts,
  ownerOf,
  roleOf,
  selectorOf,
  selects,
} from './selectors.ts'

/** A Service before and after the manifests; null = absent. */
export interface ServiceChange {
  readonly before: Service | null
  readonly after: Service
}

export interface Selection {
  readonly plan: Plan
  /** Every Service of the namespace, the canary's own left out. */
  readonly services: readonly ServiceChange[]
  readonly pods: readonly Pod[]
  /** The workload as it is now. */
  readonly live: Pick<Deployment, 'spec'> | null
}

/**
 * Traffic continues: no Service loses a ready pod by the manifests, none loses the workload's pods by the new template,
 * and the pin of a rollout excludes no foreign pods.
 */
export function servedPods(selection: Selection): readonly Refusal[] {
  const { plan, services, pods } = selection
  const ready = pods.filter((pod) => isReady(pod) && roleOf(pod, plan) !== 'canary')
  return services.flatMap((change) => {
    const lost = lostPods(change, ready)
    if (lost.length > 0) return lost
    const { service } = plan
    return [
      ...(change.after.metadata.name === service ? ownService(change.after, ready, plan) : []),
      ...newPods(change, ready, selection),
    ]
  })
}

/** The manifests' Service is applied while only the old pods run. */
function lostPods({ before, after }: ServiceChange, ready: readonly Pod[]): readonly Refusal[] {
  const was = before === null ? null : selectorOf(before)
  const served = ready.filter(({ metadata }) => selects(was, metadata))
  const next = selectorOf(after)
  const kept = served.filter(({ metadata }) => selects(next, metadata))
  if (kept.length < served.length) {
    const [first] = served.filter((pod) => !kept.includes(pod))
    const missing = next === null ? [] : lacking(next, first?.metadata.labels)
    const why = missing.length === 0 ? 'it has no selector then' : `the others lack ${missing.join(', ')}`
    return [
      {
        what: `as the manifests have it, ${title(after)} selects ${kept.length} of the ${counted(served.length, 'ready pod')} that it selects now, ${why}`,
        remedy:
          'release the pods with the new labels first, under the selector as it is, and change the selector in a later release',
      },
    ]
  }
  return before === null ? [] : lostPorts(before, after, served)
}

function lostPorts(before: Service, after: Service, served: readonly Pod[]): readonly Refusal[] {
  const [port] = served.flatMap((pod) => newPorts(before, after, pod))
  if (port === undefined) return []
  return [
    {
      what: `as the manifests have it, ${title(after)} sends to the port ${port}, which the pods that it selects now do not have`,
      remedy:
        'release the pods with the new port first, under the Service as it is, and change the Service in a later release',
    },
  ]
}

/** The Service that the rollout splits: it selects the workload's pods, and no others under a pin. */
function ownService(after: Service, ready: readonly Pod[], plan: Plan): readonly Refusal[] {
  const selector = selectorOf(after)
  const { workload, namespace, deployment, service } = plan
  if (selector === null)
    return [
      {
        what: `${title(after)} ${after.spec.type === 'ExternalName' ? 'is of type ExternalName' : 'has no selector'}`,
        remedy: `give it a selector of the pods of ${workload} ${deployment}, or name another one in \`service\``,
      },
    ]
  const own = ready.filter((pod) => roleOf(pod, plan) === 'stable')
  if (own.length > 0 && !own.some(({ metadata }) => selects(selector, metadata)))
    return [
      {
        what: `${title(after)} selects none of the ${counted(own.length, 'ready pod')} of ${workload} ${namespace}/${deployment}: ${notSelected(selector, own)}`,
        remedy: 'name the Service of these pods in `service`',
      },
    ]
  const others = ready.filter((pod) => roleOf(pod, plan) === 'other' && selects(selector, pod.metadata))
  if (!strategyOf(plan).hasSecondVersion || own.length === 0 || others.length === 0) return []
  const names = [...new Set(others.map(ownerOf).map(({ kind, name }) => `${kind} ${name}`))]
  return [
    {
      what: `Service ${namespace}/${service} also selects ${counted(others.length, 'ready pod')} of ${names.join(' and ')}, which would get no request while the rollout keeps it to one version`,
      remedy: `give the pods of ${workload} ${deployment} a label of their own and the Service a selector with it, or use \`strategy: rolling\``,
    },
  ]
}

function notSelected(selector: Labels, [first]: readonly Pod[]): string {
  return `they lack ${lacking(selector, first?.metadata.labels).join(', ')}`
}

/** Services that select the workload's pods now, and the one in `service`, must select those of the new version. */
function newPods(
  { before, after }: ServiceChange,
  ready: readonly Pod[],
  { plan, live }: Selection,
): readonly Refusal[] {
  const selector = selectorOf(after)
  if (selector === null) return []
  const { template } = plan.desired.spec
  const own = ready.filter((pod) => roleOf(pod, plan) === 'stable')
  const serves = [selectorOf(before), selector].some((one) => own.some((pod) => selects(one, pod.metadata)))
  if (!serves && after.metadata.name !== plan.service) return []
  const added = addedToPods(own, live?.spec.template ?? null)
  const missing = lacking(selector, template.metadata?.labels).filter((label) => !added.labels(label))
  const ports = missing.length > 0 ? [] : lackingPorts(after, template).filter((port) => !added.ports(port))
  if (missing.length === 0 && ports.length === 0) return []
  const what = missing.length > 0 ? missing.join(', ') : `the port ${ports.join(', ')}`
  return [
    {
      what: `the pods of the new version lack ${what}, by which ${title(after)} reaches them`,
      remedy: `keep it in the pod template of ${plan.workload} ${plan.deployment}${missing.length > 0 ? ', or take it out of the selector' : ''}`,
    },
  ]
}

/** Labels and ports that pods have and their template has not: controllers and webhooks give the next pods the same, or their like. */
function addedToPods(pods: readonly Pod[], template: PodTemplate | null) {
  const keyOf = (label: string) => label.slice(0, label.indexOf('='))
  return {
    labels: (label: string): boolean =>
      template !== null &&
      template.metadata?.labels?.[keyOf(label)] === undefined &&
      pods.some(({ metadata }) => metadata.labels?.[keyOf(label)] !== undefined),
    ports: (port: string): boolean =>
      template !== null && !hasPort(template, port) && pods.some((pod) => hasPort(pod, port)),
  }
}
