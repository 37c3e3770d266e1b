import { timeOf, type Cause } from './cause.ts'
import type { Container, ContainerStatus, Event, Pod, Probe } from '@alt-las/kubernetes'

interface Known {
  readonly container: Container | undefined
  readonly events: readonly Event[]
}

/**
 * A container that runs and is not ready. Its grace comes from its own probes: three times their limit, at least a minute, since
 * its dependencies may start at the same time.
 */
export function probeCause(pod: Pod, status: ContainerStatus, { container, events }: Known): Cause | null {
  if (status.state?.running === undefined) return null
  const failed = events.findLast(
    ({ reason, message, involvedObject }) =>
      reason === 'Unhealthy' &&
      /^(Readiness|Startup) probe/.test(message ?? '') &&
      involvedObject.fieldPath?.includes(`{${status.name}}`) !== false,
  )
  if (failed === undefined) return null
  const name = failed.message?.startsWith('Startup') === true ? 'startup' : 'readiness'
  const probe = name === 'startup' ? container?.startupProbe : container?.readinessProbe
  const allowedMs = budgetMs(container?.startupProbe) + budgetMs(container?.readinessProbe)
  return {
    kind: 'probe',
    because: `container ${status.name} runs and is not ready: ${(failed.message ?? '').slice(0, 200)}${inWords(probe)}`,
    heals: true,
    graceMs: Math.max(60_000, 3 * allowedMs),
    since: unreadySince(pod, status),
    fault: 'version',
    about: `${name} probe`,
    evidence: {
      probe: { name, ...probe },
      allowedMs,
      message: failed.message,
      restarts: status.restartCount,
    },
  }
}

/** How long a probe may fail until it counts as failed, in ms. */
export function budgetMs(probe: Probe | undefined): number {
  if (probe === undefined) return 0
  const { initialDelaySeconds = 0, periodSeconds = 10, failureThreshold = 3 } = probe
  return (initialDelaySeconds + periodSeconds * failureThreshold) * 1000
}

/** A container that was ready before is late since it became unready, not since its start. */
function unreadySince({ status }: Pod, { state }: ContainerStatus): number | null {
  const begun = timeOf(state?.running?.startedAt)
  const condition = status?.conditions?.find(
    ({ type, status }) => type === 'ContainersReady' && status === 'False',
  )
  const turned = timeOf(condition?.lastTransitionTime)
  return begun === null || turned === null ? begun : Math.max(begun, turned)
}

function inWords(probe: Probe | undefined): string {
  if (probe === undefined) return ''
  const { periodSeconds = 10, failureThreshold = 3 } = probe
  return ` (every ${periodSeconds} s, may fail ${failureThreshold} times)`
}
