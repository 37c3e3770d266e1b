import type { Cluster, Pod } from '@alt-las/kubernetes'
import { lastLogLines } from '@alt-las/workload-health'
import type { ObservedWorkload } from '../../model/observation.ts'
import type { Plan } from '../../model/plan.ts'
import { restartCause, type restartCounter } from './restarts.ts'

interface Both {
  readonly plan: Plan
  /** ms since 1970 */
  readonly now: number
  readonly canaryPods: readonly Pod[]
  readonly stablePods: readonly Pod[]
  readonly count: ReturnType<typeof restartCounter>
}

/** A canary that is ready but restarts has failed, unless stable restarts too; with the last lines of the log. */
export async function withRestarts(
  canary: ObservedWorkload | null,
  { plan, now, canaryPods, stablePods, count }: Both,
  cluster: Pick<Cluster, 'log'>,
): Promise<ObservedWorkload | null> {
  const [ours, theirs] = [count(canaryPods, now), count(stablePods, now)]
  if (canary === null || canary.readiness.kind === 'failed') return canary
  const cause = restartCause(ours, theirs, plan.judging.risk)
  if (cause === null) return canary
  const { pod = '', container = '' } = cause
  const at = { apiVersion: 'v1', kind: 'Pod', namespace: plan.namespace, name: pod }
  const lines = await lastLogLines(at, container, cluster)
  const because = lines === '' ? cause.because : `${cause.because}; last log lines: ${lines}`
  const evidence = { ...cause.evidence, ...(lines === '' ? {} : { log: lines.split(' | ') }) }
  return { ...canary, readiness: { kind: 'failed', because, cause: { ...cause, evidence } } }
}
