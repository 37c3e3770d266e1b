import type { PodSpec } from '@alt-las/kubernetes'
import type {
  Amounts,
  LimitRange,
  ObservedQuotas,
  QuotaScope,
  ResourceQuota,
} from '../observe/observe-quotas.ts'
import { type Needs, needsOf, takenByPod } from './pod-needs.ts'
import { formatQuantity, quantity } from '@alt-las/kubernetes'
import { type Refusal, counted } from './refusal.ts'

/** The pods that a rollout needs. */
export interface Wanted {
  /** Of the new version. */
  readonly pod: PodSpec
  /** Additional pods of the workload at the peak. */
  readonly extra: number
  /** Reason for their number: `for both versions, and 1 that the update of the Deployment adds`. */
  readonly because: string
}

/** Quotas and limits of the namespace that do not allow these pods, with the figures. */
export function overQuota(wanted: Wanted, { quotas, ranges }: ObservedQuotas): readonly Refusal[] {
  const needs = needsOf(wanted.pod, ranges)
  return [
    ...quotas
      .filter((quota) => counts(quota, wanted.pod, needs))
      .flatMap((quota) => tooMuch(quota, needs, wanted)),
    ...ranges.flatMap((range) => outOfRange(range, needs)),
  ]
}

function tooMuch(
  { metadata, status }: ResourceQuota,
  needs: readonly Needs[],
  { extra, because }: Wanted,
): readonly Refusal[] {
  return Object.entries(status?.hard ?? {}).flatMap(([resource, hard]) => {
    const one = takenByPod(resource, needs)
    if (one === null || extra === 0) return []
    const where = `ResourceQuota ${metadata.name}: ${resource}`
    if (Number.isNaN(one))
      return [
        {
          what: `${where} is limited, and a container of the template has no request for it`,
          remedy: 'give each container of the pod template that request and limit',
        },
      ]
    const left = Math.max(0, quantity(hard) - quantity(status?.used?.[resource] ?? '0'))
    const lack = one * extra - left
    if (lack <= 1e-9) return []
    const shown = (value: number) => formatQuantity(value, resource)
    return [
      {
        what: `${where} has ${shown(left)} of ${shown(quantity(hard))} left, ${counted(extra, 'more pod')} ${extra === 1 ? 'needs' : 'need'} ${shown(one * extra)} (${because})`,
        remedy: `raise the quota by ${shown(lack)}, or need fewer pods: fewer replicas, maxSurge 0, or \`strategy: rolling\``,
      },
    ]
  })
}

/** A quota with scopes counts only the pods that are in all of them. */
export function counts({ spec }: ResourceQuota, pod: PodSpec, needs: readonly Needs[]): boolean {
  const scopes = [
    ...(spec?.scopes ?? []).map((scopeName): QuotaScope => ({ scopeName, operator: 'Exists' })),
    ...(spec?.scopeSelector?.matchExpressions ?? []),
  ]
  return scopes.every((scope) => isInScope(scope, pod, needs))
}

function isInScope(
  { scopeName, operator, values = [] }: QuotaScope,
  pod: PodSpec,
  needs: readonly Needs[],
): boolean {
  const bestEffort = needs.every(
    ({ requests, limits }) => Object.keys(requests).length + Object.keys(limits).length === 0,
  )
  switch (scopeName) {
    case 'Terminating':
      return pod.activeDeadlineSeconds !== undefined
    case 'NotTerminating':
      return pod.activeDeadlineSeconds === undefined
    case 'BestEffort':
      return bestEffort
    case 'NotBestEffort':
      return !bestEffort
    case 'PriorityClass': {
      const name = pod.priorityClassName ?? ''
      if (operator === 'In') return values.includes(name)
      if (operator === 'NotIn') return !values.includes(name)
      return (operator === 'Exists') === (name !== '')
    }
    default:
      // A scope that is not known here is left to the API server.
      return false
  }
}

function outOfRange({ metadata, spec }: LimitRange, needs: readonly Needs[]): readonly Refusal[] {
  const found = spec.limits
    .filter(({ type }) => type === 'Container')
    .flatMap(({ max = {}, min = {} }) =>
      needs.flatMap(({ name, requests, limits }) => [
        ...beyond(max, limits, (value, bound) => value > bound).map(
          (what) => `container ${name} may have at most ${what}`,
        ),
        ...beyond(min, requests, (value, bound) => value < bound).map(
          (what) => `container ${name} must request at least ${what}`,
        ),
      ]),
    )
  return found.map((what) => ({
    what: `LimitRange ${metadata.name}: ${what}`,
    remedy: 'change the resources in the pod template, or the LimitRange',
  }))
}

function beyond(
  bounds: Amounts,
  given: Amounts,
  isBeyond: (value: number, bound: number) => boolean,
): readonly string[] {
  return Object.entries(bounds).flatMap(([resource, bound]) => {
    const value = given[resource]
    if (value === undefined || !isBeyond(quantity(value), quantity(bound))) return []
    return [`${bound} ${resource}, the template has ${value}`]
  })
}
