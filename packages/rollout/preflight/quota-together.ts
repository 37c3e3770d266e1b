import type { ObservedQuotas } from '../observe/observe-quotas.ts'
import { needsOf, takenByPod } from './pod-needs.ts'
import { counts, type Wanted } from './quota.ts'
import { formatQuantity, quantity } from '@alt-las/kubernetes'
import type { Refusal } from './refusal.ts'

/** The pods that one target adds at its peak. */
export interface Demand {
  readonly wanted: Wanted
  readonly quotas: ObservedQuotas
}

interface OfTarget {
  readonly deployment: string
  readonly demand: Demand
}

/**
 * Quotas that each target alone would fit in, and all of them side by side do not: before the release has passed, every target has both versions.
 * All targets are of one namespace, so the quotas are those of the first.
 */
export function overQuotaTogether(targets: readonly OfTarget[]): readonly Refusal[] {
  const [first, second] = targets
  if (first === undefined || second === undefined) return []
  const { quotas, ranges } = first.demand.quotas
  return quotas.flatMap(({ metadata, status, ...quota }) =>
    Object.entries(status?.hard ?? {}).flatMap(([resource, hard]) => {
      const taken = targets.map(({ demand: { wanted } }) => {
        const needs = needsOf(wanted.pod, ranges)
        const isCounted = counts({ metadata, ...quota }, wanted.pod, needs)
        const one = isCounted ? (takenByPod(resource, needs) ?? 0) : 0
        return Number.isNaN(one) ? 0 : one * wanted.extra
      })
      const all = taken.reduce((sum, one) => sum + one, 0)
      const left = Math.max(0, quantity(hard) - quantity(status?.used?.[resource] ?? '0'))
      if (all - left <= 1e-9 || taken.some((one) => one - left > 1e-9)) return []
      const shown = (value: number) => formatQuantity(value, resource)
      const each = targets.flatMap(({ deployment }, index) => {
        const one = taken[index] ?? 0
        return one === 0 ? [] : [`${deployment} ${shown(one)}`]
      })
      return [
        {
          what: `ResourceQuota ${metadata.name}: ${resource} has ${shown(left)} of ${shown(quantity(hard))} left, the targets side by side need ${shown(all)} more (${each.join(', ')})`,
          remedy: `raise the quota by ${shown(all - left)}, or release fewer targets at a time`,
        },
      ]
    }),
  )
}
