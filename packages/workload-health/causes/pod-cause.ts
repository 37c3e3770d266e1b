import { timeOf, type Cause } from './cause.ts'
import { missingIn } from './container-cause.ts'
import type { Event, Pod } from '@alt-las/kubernetes'
import { unschedulableCause } from './unschedulable-cause.ts'

/** Why a pod is not scheduled, or has no containers yet: no node, no volume, no network, or a readiness gate. */
export function podCause(pod: Pod, events: readonly Event[]): Cause | null {
  const found = unschedulableCause(pod, events) ?? notStarted(pod, events) ?? gateCause(pod)
  return found === null ? null : { ...found, pod: pod.metadata.name }
}

/** A pod that its node has ended or never accepted, by the pod's own status, whatever its containers report. */
export function endedByNode(pod: Pod): Cause | null {
  const { status, metadata } = pod
  const { reason, message = '' } = status ?? {}
  const lost = status?.phase === 'Unknown' || reason === 'NodeLost'
  if (!lost && (status?.phase !== 'Failed' || reason === undefined)) return null
  const base = {
    since: timeOf(metadata.creationTimestamp),
    pod: metadata.name,
    about: reason ?? 'NodeLost',
    evidence: { reason, message },
  }
  if (reason === 'Evicted' && /exceed/i.test(message)) {
    const because = `pod ${metadata.name} was evicted for its own resource usage: ${message}`
    return { ...base, kind: 'eviction', because, heals: false, graceMs: 0, fault: 'version' }
  }
  if (!lost && !ofTheNode.test(reason ?? '')) {
    const because = `the node refuses pod ${metadata.name} (${reason ?? ''}): ${message}`
    return { ...base, kind: 'admission', because, heals: false, graceMs: 0, fault: 'version' }
  }
  const why = lost ? 'its node does not answer' : `${reason ?? ''}: ${message}`
  const because = `pod ${metadata.name} was ended by its node (${why}), which is not the version's fault`
  return { ...base, kind: 'eviction', because, heals: true, graceMs: null, fault: 'surroundings' }
}

const ofTheNode =
  /^(Evicted|Preempting|Shutdown|NodeShutdown|Terminated|OutOf\w+|NodeAffinity|NodeName|NodePorts|UnexpectedAdmissionError|InvalidNodeInfo)$/

function notStarted(pod: Pod, events: readonly Event[]): Cause | null {
  const started = (pod.status?.containerStatuses ?? []).some(({ state }) => state?.waiting === undefined)
  const event = events.findLast(({ reason }) =>
    /^Failed(Mount|AttachVolume|MapVolume|CreatePodSandBox)$/.test(reason ?? ''),
  )
  if (event === undefined || started) return null
  const { name } = pod.metadata
  const message = (event.message ?? '').slice(0, 300)
  const base = {
    heals: true,
    since: timeOf(pod.metadata.creationTimestamp),
    evidence: { reason: event.reason, message },
  }
  if (event.reason === 'FailedCreatePodSandBox') {
    const because = `the node cannot set up pod ${name}, which is not the version's fault: ${message}`
    return { ...base, kind: 'node', because, graceMs: 120_000, fault: 'surroundings', about: 'sandbox' }
  }
  const missing = missingIn(message)
  if (missing !== null) {
    const because = `pod ${name} mounts ${missing}, which does not exist`
    return { ...base, kind: 'config', because, graceMs: 20_000, fault: 'version', about: missing }
  }
  const about = `volume ${/volumes? "([^"]+)"/.exec(message)?.[1] ?? ''}`
  const because = `pod ${name} cannot mount a volume: ${message}`
  return { ...base, kind: 'mount', because, graceMs: 120_000, fault: 'version', about }
}

/** Ready except for a condition that others set, e.g. a load balancer. */
function gateCause({ metadata, status }: Pod): Cause | null {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready')
  if (ready?.status !== 'False' || ready.reason !== 'ReadinessGatesNotReady') return null
  return {
    kind: 'probe',
    because: `pod ${metadata.name} waits for a readiness gate: ${ready.message ?? 'a readiness gate'}`,
    heals: true,
    graceMs: 120_000,
    since: timeOf(ready.lastTransitionTime),
    fault: 'surroundings',
    about: 'readiness gate',
  }
}
