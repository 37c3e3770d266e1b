import { timeOf, type Cause } from './cause.ts'
import type { Pod } from './pods.ts'
import type { Event } from './records.ts'

/** Why a pod is nowhere, or has no containers yet: no node, no volume, or thrown off its node. */
export function podCause(pod: Pod, events: readonly Event[]): Cause | null {
  const place = { pod: pod.metadata.name, since: timeOf(pod.metadata.creationTimestamp) }
  const { status } = pod
  if (status?.phase === 'Failed' && status.reason !== undefined) {
    const because = `pod ${pod.metadata.name} was ended by its node (${status.reason}: ${status.message ?? ''}), which is not the version's fault`
    return { kind: 'eviction', because, heals: true, graceMs: null, ...place }
  }
  const scheduled = status?.conditions?.find(({ type }) => type === 'PodScheduled')
  if (scheduled?.status === 'False' && scheduled.reason === 'Unschedulable') {
    const because = `no node takes pod ${pod.metadata.name}: ${reasonOf(scheduled.message ?? '')}`
    // A node that is being added needs its minutes.
    const growing = events.some(({ reason }) => reason === 'TriggeredScaleUp')
    const since = timeOf(scheduled.lastTransitionTime) ?? place.since
    return {
      kind: 'unschedulable',
      because,
      heals: true,
      graceMs: growing ? 600_000 : 60_000,
      ...place,
      since,
    }
  }
  const mount = events.findLast(({ reason }) => reason === 'FailedMount' || reason === 'FailedAttachVolume')
  const started = (status?.containerStatuses ?? []).some(({ state }) => state?.waiting === undefined)
  if (mount === undefined || started) return null
  const message = mount.message ?? ''
  const missing = /(secret|configmap) "([^"]+)" not found/.exec(message)
  const because =
    missing === null
      ? `pod ${pod.metadata.name} cannot mount a volume: ${message.slice(0, 300)}`
      : `pod ${pod.metadata.name} mounts ${missing[1] ?? ''} ${missing[2] ?? ''}, which is not there`
  const kind = missing === null ? 'mount' : 'config'
  return { kind, because, heals: true, graceMs: missing === null ? 120_000 : 20_000, ...place }
}

// What preemption could not do either only repeats the numbers.
const reasonOf = (message: string): string =>
  message.replace(/\s*(?:no new claims to deallocate|preemption:).*$/s, '').replace(/[,.\s]+$/, '')
