import { redact } from '@alt-las/secrets'
import { timeOf, type Cause } from './cause.ts'
import { endedCause } from './ended-cause.ts'
import { imageCause } from './image-cause.ts'
import { nodeTrouble } from './node-trouble.ts'
import type { Container, ContainerStatus, Event, Pod } from '@alt-las/kubernetes'
import { probeCause } from './probe-cause.ts'

export interface Seen {
  readonly init: boolean
  /** Of this pod, oldest first. */
  readonly events: readonly Event[]
  readonly now: number
}

/** Why one container does not run or is not ready; null if it only needs time. */
export function containerCause(pod: Pod, status: ContainerStatus, seen: Seen): Cause | null {
  if (seen.init && status.state?.terminated?.exitCode === 0) return null
  if (pod.status?.phase === 'Succeeded') return null
  const name = `${seen.init ? 'init container' : 'container'} ${status.name}`
  if (status.ready) return restless(pod, status, { ...seen, name })
  const found =
    waitingCause(pod, status, { ...seen, name }) ??
    endedCause(status, { ...seen, name, container: containerOf(pod, status.name) }) ??
    probeCause(pod, status, { ...seen, container: containerOf(pod, status.name) })
  return found === null ? null : { ...found, pod: pod.metadata.name, container: status.name }
}

/** Ready for the moment: a container that has ended more than once must stay up for a while first. */
function restless(pod: Pod, status: ContainerStatus, seen: Seen & { readonly name: string }): Cause | null {
  if (status.restartCount < 2) return null
  const found = endedCause(status, { ...seen, container: containerOf(pod, status.name) })
  if (found === null) return null
  // An early start may recover; out of memory and failing liveness do not recover by a restart.
  if (found.kind !== 'crash-loop') return { ...found, pod: pod.metadata.name, container: status.name }
  const because = `${found.because}; it runs again and must stay up`
  return { ...found, because, heals: true, graceMs: null, pod: pod.metadata.name, container: status.name }
}

function waitingCause(
  pod: Pod,
  status: ContainerStatus,
  { name, events }: Seen & { name: string },
): Cause | null {
  const waiting = status.state?.waiting
  const since = timeOf(pod.status?.startTime ?? pod.metadata.creationTimestamp)
  const image = containerOf(pod, status.name)?.image ?? status.image ?? ''
  const unpulled = imageCause(waiting, { name, image, begun: since, events })
  if (unpulled !== null) return unpulled
  const message = waiting?.message ?? waiting?.reason ?? ''
  const evidence = { reason: waiting?.reason, message }
  if (!/^(CreateContainer(Config)?Error|RunContainerError|PostStartHookError)$/.test(waiting?.reason ?? ''))
    return null
  // A hook belongs to the version, whatever its error.
  const ofNode = waiting?.reason === 'PostStartHookError' ? null : nodeTrouble(name, message)
  if (ofNode !== null) return { ...ofNode, since }
  if (waiting?.reason === 'CreateContainerConfigError') {
    const because = `${name} cannot be created: ${waiting.message ?? 'its config is wrong'}`
    // Another controller may still write the missing Secret; a root user stays root.
    const missing = missingIn(message)
    const heals = missing !== null
    const graceMs = heals ? 20_000 : 0
    return {
      ...{ kind: 'config', because, heals, graceMs, since, fault: 'version' },
      about: missing ?? 'security context',
      evidence: heals ? { ...evidence, missing } : evidence,
    }
  }
  // The runtime quotes the command with its arguments.
  const shown = redact(message)
  return {
    ...{ kind: 'start', because: `${name} cannot be started: ${shown}`, heals: false, graceMs: 0, since },
    fault: 'version',
    evidence: { ...evidence, message: shown },
  }
}

/** The missing object in a kubelet message: `secret nope`, `configmap shop/a key nokey`. */
export function missingIn(message: string): string | null {
  const key = /couldn't find key (\S+) in (Secret|ConfigMap) (\S+)/i.exec(message)
  if (key !== null) return `${(key[2] ?? '').toLowerCase()} ${key[3] ?? ''} key ${key[1] ?? ''}`
  const object = /(secret|configmap|serviceaccount|persistentvolumeclaim)s? "([^"]+)" not found/i.exec(
    message,
  )
  return object === null ? null : `${(object[1] ?? '').toLowerCase()} ${object[2] ?? ''}`
}

const containerOf = ({ spec }: Pod, name: string): Container | undefined =>
  [...spec.containers, ...(spec.initContainers ?? [])].find((one) => one.name === name)
