import type { DaemonSet, Deployment, Pod, StatefulSet, Workload } from '@alt-las/kubernetes'

export interface Stand {
  readonly kind: 'ready' | 'waiting' | 'failed'
  readonly because: string
}

/** Whether a workload has all its pods, of its newest template, ready. */
export function stand(workload: Workload, pods: readonly Pod[]): Stand {
  const { wanted, updated, ready } = counts(workload)
  const crash = pods
    .flatMap((pod) => pod.status?.containerStatuses ?? [])
    .find((one) => one.state?.waiting?.reason === 'CrashLoopBackOff')
  if (crash !== undefined)
    return {
      kind: 'failed',
      because: `${crash.name} crashes again and again, exit code ${String(crash.lastState?.terminated?.exitCode ?? '?')}`,
    }
  const seen = `${String(ready)} of ${String(wanted)} pods are ready`
  const current = workload.status?.observedGeneration === workload.metadata.generation
  return { kind: current && updated >= wanted && ready >= wanted ? 'ready' : 'waiting', because: seen }
}

function counts(workload: Workload): {
  readonly wanted: number
  readonly updated: number
  readonly ready: number
} {
  if (workload.kind === 'DaemonSet') {
    const { status } = workload as DaemonSet
    return {
      wanted: status?.desiredNumberScheduled ?? 0,
      updated: status?.updatedNumberScheduled ?? 0,
      ready: status?.numberReady ?? 0,
    }
  }
  const { spec, status } = workload as Deployment | StatefulSet
  return {
    wanted: spec.replicas ?? 1,
    updated: status?.updatedReplicas ?? 0,
    ready: status?.readyReplicas ?? 0,
  }
}
