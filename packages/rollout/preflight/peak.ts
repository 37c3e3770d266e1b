import { replicasFor } from '@alt-las/routers'
import type { Plan } from '../model/plan.ts'

export interface Size {
  /** Pods that serve now; 0: a first installation. */
  readonly replicas: number
  /** As many as the workload has at the end. */
  readonly wanted: number
}

interface Surging {
  readonly strategy?: {
    readonly type?: string
    readonly rollingUpdate?: { readonly maxSurge?: number | string }
  }
  readonly updateStrategy?: { readonly rollingUpdate?: { readonly maxSurge?: number | string } }
}

/** The most pods that exist at one time: both versions, and what the update of the workload itself puts on top. */
export function peakOf(plan: Plan, size: Size): number {
  const { replicas, wanted } = size
  const most = Math.max(replicas, wanted)
  const surge = surgeOf(plan, most)
  const beside =
    plan.strategy === 'rolling' || replicas === 0 ? 0 : Math.max(replicasFor(plan, 100, replicas), wanted)
  const extras = (plan.preDeployJob === null ? 0 : 1) + (plan.watchdogImage === null || beside === 0 ? 0 : 1)
  return beside + most + (replicas === 0 ? 0 : surge) + extras
}

function surgeOf({ workload, desired }: Plan, replicas: number): number {
  const { strategy, updateStrategy } = desired.spec as Surging
  if (workload === 'StatefulSet') return 0
  if (workload === 'DaemonSet') return numberOf(updateStrategy?.rollingUpdate?.maxSurge ?? 0, replicas)
  // What a Recreate takes down before it starts again never adds to the peak.
  return strategy?.type === 'Recreate' ? 0 : numberOf(strategy?.rollingUpdate?.maxSurge ?? '25%', replicas)
}

function numberOf(surge: number | string, replicas: number): number {
  return typeof surge === 'number' ? surge : Math.ceil((Number.parseFloat(surge) / 100) * replicas)
}
