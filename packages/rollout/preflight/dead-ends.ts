import { type Deployment, type Probe, type StatefulSet, title } from '@alt-las/kubernetes'
import { formatDuration } from '@alt-las/time'
import type { Plan } from '../model/plan.ts'
import type { ObservedClaim } from '../observe/observe-claims.ts'
import { strategyOf, versionNames } from '../strategies/strategies.ts'
import type { Refusal } from './refusal.ts'

export interface DeadEndFacts {
  readonly plan: Plan
  /** The workload after an apply, with the settings of others that the manifests do not contain. */
  readonly next: Deployment
  /** Pods of it serve now. */
  readonly serving: boolean
  readonly claims: readonly ObservedClaim[]
}

/** Settings of the workload with which the rollout would never end. */
export function deadEnds(facts: DeadEndFacts): readonly Refusal[] {
  return [...standsStill(facts), ...sideBySide(facts), ...tooSlow(facts), ...nothingRuns(facts)]
}

/** The manifests' own workload is already checked; these are settings made in the cluster. */
function standsStill({ plan: { workload, namespace, deployment }, next }: DeadEndFacts): readonly Refusal[] {
  const name = `${workload.toLowerCase()}/${deployment}`
  if (next.spec.paused === true)
    return [
      {
        what: `${title(next)} is paused in the cluster, so no pod of it would ever be replaced`,
        remedy: `run \`kubectl rollout resume ${name} -n ${namespace}\``,
      },
    ]
  const { updateStrategy } = (next as unknown as StatefulSet).spec
  if (updateStrategy?.type === 'OnDelete')
    return [
      {
        what: `${title(next)} has updateStrategy OnDelete in the cluster, so a pod is replaced only after it was deleted by hand`,
        remedy: 'set updateStrategy RollingUpdate in the manifests',
      },
    ]
  const partition = updateStrategy?.rollingUpdate?.partition ?? 0
  return partition === 0
    ? []
    : [
        {
          what: `${title(next)} keeps its pods below number ${partition} on the old version (partition in the cluster)`,
          remedy: 'set spec.updateStrategy.rollingUpdate.partition to 0 in the manifests',
        },
      ]
}

/** Whether pods of both versions may run at the same time. */
function sideBySide({ plan, next, serving, claims }: DeadEndFacts): readonly Refusal[] {
  if (!serving) return []
  const isRecreated = next.spec.strategy?.type === 'Recreate'
  const beside = strategyOf(plan).hasSecondVersion
  if (beside && isRecreated)
    return [
      {
        what: `${title(next)} has strategy Recreate, with which two versions must not run at the same time, and ${versionNames(plan).fresh} would run beside ${versionNames(plan).old}`,
        remedy: 'use `strategy: rolling`, or strategy RollingUpdate where both may run',
      },
    ]
  const surge = next.spec.strategy?.rollingUpdate?.maxSurge ?? '25%'
  const surges = plan.workload === 'Deployment' && !isRecreated && Number.parseFloat(String(surge)) > 0
  if (!beside && !surges) return []
  return claims
    .filter(({ accessModes }) => accessModes.includes('ReadWriteOncePod'))
    .map(({ name }) => ({
      what: `the claim ${name} can be used by one pod at a time (ReadWriteOncePod), so no pod of the new version starts while one of the old version runs`,
      remedy:
        'use `strategy: rolling` with strategy Recreate in the workload, or a claim with another access mode',
    }))
}

/** Waits that are longer than the time limit. */
function tooSlow({ plan, next }: DeadEndFacts): readonly Refusal[] {
  const { template, minReadySeconds = 0 } = next.spec
  const delay = ({ initialDelaySeconds = 0 }: Probe = {}) => initialDelaySeconds
  const before = Math.max(
    0,
    ...template.spec.containers.map((one) => Math.max(delay(one.startupProbe), delay(one.readinessProbe))),
  )
  const least = 1000 * (before + minReadySeconds)
  if (least === 0 || least < plan.readyTimeoutMs) return []
  const parts = [
    ...(minReadySeconds === 0 ? [] : [`minReadySeconds ${minReadySeconds}`]),
    ...(before === 0 ? [] : [`initialDelaySeconds ${before}`]),
  ]
  return [
    {
      what: `a pod of ${title(next)} is available after ${formatDuration(least)} at the earliest (${parts.join(' and ')}), and ready-timeout is ${formatDuration(plan.readyTimeoutMs)}`,
      remedy: `set \`ready-timeout\` to more than ${formatDuration(least)}, or lower them`,
    },
  ]
}

function nothingRuns({ plan: { desired } }: DeadEndFacts): readonly Refusal[] {
  return desired.spec.replicas === 0
    ? [
        {
          what: `the manifests give ${title(desired)} 0 replicas, so nothing would run`,
          remedy: 'set spec.replicas to 1 or more, or leave it out where an autoscaler sets it',
        },
      ]
    : []
}
