import { timeOf, type Cause } from './cause.ts'
import type { Container, ContainerStatus, Event, Pod, Probe } from '@alt-las/kubernetes'

interface Known {
  readonly container: Container | undefined
  readonly events: readonly Event[]
}

/**
 * A container that runs and is not ready. Its grace comes from its own probes: three times what they allow, at least a minute, since
 * what it depends on may start beside it.
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

/** How long a probe may fail before it has said no, in ms. */
export function budgetMs(probe: Probe | undefined): number {
  if (probe === undefined) return 0
  const { initialDelaySeconds = 0, periodSeconds = 10, failureThreshold = 3 } = probe
  return (initialDelaySeconds + periodSeconds * failureThreshold) * 1000
}

/** Who was ready an hour long is not late since its start. */
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
  return ` (asked every ${periodSeconds} s, may fail ${failureThreshold} times)`
}
