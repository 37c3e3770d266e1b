import { timeOf, type Cause } from './cause.ts'
import type { ContainerStatus, Pod, Probe } from './pods.ts'
import type { Event } from './records.ts'

/**
 * A container that runs and is not ready. Its grace comes from its own probes: three times what they allow, at least a minute, since
 * what it depends on may start beside it.
 */
export function probeCause(
  pod: Pod,
  status: ContainerStatus,
  { events }: { readonly events: readonly Event[] },
): Cause | null {
  if (status.state?.running === undefined) return null
  const container = pod.spec.containers.find((one) => one.name === status.name)
  const failed = events.findLast(
    ({ reason, message, involvedObject }) =>
      reason === 'Unhealthy' &&
      /^(Readiness|Startup) probe/.test(message ?? '') &&
      involvedObject.fieldPath?.includes(`{${status.name}}`) !== false,
  )
  if (failed === undefined) return null
  const allowed = budgetMs(container?.startupProbe) + budgetMs(container?.readinessProbe)
  return {
    kind: 'probe',
    because: `container ${status.name} runs and is not ready: ${(failed.message ?? '').slice(0, 200)}`,
    heals: true,
    graceMs: Math.max(60_000, 3 * allowed),
    since: timeOf(status.state.running.startedAt),
    pod: pod.metadata.name,
    container: status.name,
  }
}

/** How long a probe may fail before it has said no, in ms. */
export function budgetMs(probe: Probe | undefined): number {
  if (probe === undefined) return 0
  const { initialDelaySeconds = 0, periodSeconds = 10, failureThreshold = 3 } = probe
  return (initialDelaySeconds + periodSeconds * failureThreshold) * 1000
}
