import type { Deployment } from '@alt-las/kubernetes'
import { replicasFor } from '@alt-las/routers'
import type { Plan } from '../model/plan.ts'
import { hasSmokePod } from '../observe/observe-smoke-pod.ts'
import { strategyOf } from '../strategies/strategies.ts'

export interface Size {
  /** Pods that serve now; 0: a first installation. */
  readonly replicas: number
  /** The workload's replicas at the end. */
  readonly wanted: number
}

interface Surging {
  readonly strategy?: {
    readonly type?: string
    readonly rollingUpdate?: { readonly maxSurge?: number | string }
  }
  readonly updateStrategy?: { readonly rollingUpdate?: { readonly maxSurge?: number | string } }
}

/** The peak number of pods, and their parts. */
export interface Peak {
  readonly pods: number
  readonly because: string
}

/**
 * Both versions at full size, plus the surge of the workload's own update; the watchdog is gone by then, and a pre-deploy Job
 * has ended before the second version comes. `next`: the workload as an apply will leave it, since others may have set its strategy.
 */
export function peakOf(plan: Plan, { replicas, wanted }: Size, next: Deployment = plan.desired): Peak {
  const { workload, preDeployJob, watchdogImage } = plan
  const own = Math.max(replicas, wanted)
  const surge = replicas === 0 ? 0 : surgeOf(plan, next, own)
  const hasSecond = strategyOf(plan).hasSecondVersion && replicas > 0
  const beside = hasSecond ? Math.max(replicasFor(plan, 100, replicas), wanted) : 0
  const watchdog = watchdogImage === null || beside === 0 ? 0 : 1
  const job = preDeployJob === null ? 0 : 1
  // Gone before the first pod is replaced.
  const tested = hasSmokePod(plan) && replicas > 0 ? 1 : 0
  const widest = Math.max(beside + Math.max(surge, watchdog), job, tested)
  const named = [
    beside === 0
      ? `${own} of ${workload} ${plan.deployment}`
      : `${own} of the old and ${beside} of the new version`,
    ...(widest === beside + surge && surge > 0
      ? [`${surge} that the update of the ${workload} itself adds at promotion`]
      : []),
  ]
  return { pods: own + widest, because: named.join(', and ') }
}

function surgeOf({ workload }: Plan, next: Deployment, replicas: number): number {
  const { strategy, updateStrategy } = next.spec as Surging
  if (workload === 'StatefulSet') return 0
  if (workload === 'DaemonSet') return numberOf(updateStrategy?.rollingUpdate?.maxSurge ?? 0, replicas)
  // Recreate removes the old pods first, so it never adds to the peak.
  return strategy?.type === 'Recreate' ? 0 : numberOf(strategy?.rollingUpdate?.maxSurge ?? '25%', replicas)
}

function numberOf(surge: number | string, replicas: number): number {
  return typeof surge === 'number' ? surge : Math.ceil((Number.parseFloat(surge) / 100) * replicas)
}
