import { timeOf, type Cause } from './cause.ts'
import { imageCause } from './image-cause.ts'
import type { ContainerStatus, Pod, Terminated } from './pods.ts'
import { probeCause } from './probe-cause.ts'
import type { Event } from './records.ts'

export interface Seen {
  readonly init: boolean
  /** Of this pod. */
  readonly events: readonly Event[]
  readonly now: number
}

/** Why one container does not run or is not ready; null where nothing is wrong with it but time. */
export function containerCause(pod: Pod, status: ContainerStatus, seen: Seen): Cause | null {
  const place = { pod: pod.metadata.name, container: status.name }
  const name = `${seen.init ? 'init container' : 'container'} ${status.name}`
  const begun = timeOf(pod.status?.startTime ?? pod.metadata.creationTimestamp)
  if (status.ready || (seen.init && status.state?.terminated?.exitCode === 0)) return null
  const waiting = status.state?.waiting
  const image = imageCause(waiting, { name, begun, events: seen.events })
  if (image !== null) return { ...image, ...place }
  if (waiting?.reason === 'CreateContainerConfigError') {
    const because = `${name} cannot be made: ${waiting.message ?? 'its config is wrong'}`
    // Another controller may still be about to write the missing Secret; a root user stays one.
    const heals = /not found|couldn't find key/.test(because)
    return { kind: 'config', because, heals, graceMs: heals ? 20_000 : 0, since: begun, ...place }
  }
  if (waiting?.reason === 'CreateContainerError' || waiting?.reason === 'RunContainerError') {
    const because = `${name} cannot be started: ${waiting.message ?? waiting.reason}`
    return { kind: 'start', because, heals: false, graceMs: 0, since: begun, ...place }
  }
  return endedCause(status, { name, place, pod, seen }) ?? probeCause(pod, status, seen)
}

interface Named {
  readonly name: string
  readonly place: { readonly pod: string; readonly container: string }
  readonly pod: Pod
  readonly seen: Seen
}

/** A container that has ended: out of memory, not startable, killed by its probe, or a crash. */
function endedCause(status: ContainerStatus, { name, place, pod, seen }: Named): Cause | null {
  const ended = status.state?.terminated ?? status.lastState?.terminated
  if (ended === undefined) return null
  const base = { ...place, heals: false, graceMs: 0, since: null, hasLog: true }
  const again = restarts(status.restartCount)
  const limit = pod.spec.containers.find((one) => one.name === status.name)?.resources?.limits?.['memory']
  if (ended.reason === 'OOMKilled') {
    const because = `${name} ran out of memory${limit === undefined ? '' : ` at its limit of ${limit}`}${again}`
    return { ...base, kind: 'out-of-memory', because }
  }
  if (ended.reason === 'StartError' || ended.reason === 'ContainerCannotRun') {
    return {
      ...base,
      kind: 'start',
      because: `${name} cannot be started: ${ended.message ?? 'no reason given'}`,
    }
  }
  const endedAgain = status.restartCount >= 1 && status.state?.terminated !== undefined
  const loops = status.state?.waiting?.reason === 'CrashLoopBackOff' || status.restartCount >= 2 || endedAgain
  const killed = killedByProbe(status.name, seen.events)
  const how = `${howItEnded(ended, limit)}${again}${lastWords(ended)}`
  // Once is an accident, which the next start may heal.
  const verdict = loops ? base : { ...base, heals: true, graceMs: 60_000, since: timeOf(ended.finishedAt) }
  if (killed !== null) return { ...verdict, kind: 'probe', because: `${name} ${killed}: ${how}` }
  return {
    ...verdict,
    kind: 'crash-loop',
    because: `${name} ${loops ? 'crashes again and again' : 'crashed'}: ${how}`,
  }
}

const signals: Readonly<Record<number, string>> = {
  4: 'SIGILL',
  6: 'SIGABRT',
  7: 'SIGBUS',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  13: 'SIGPIPE',
  15: 'SIGTERM',
}

function howItEnded({ exitCode, signal }: Terminated, limit: string | undefined): string {
  const number = signal ?? (exitCode > 128 && exitCode < 160 ? exitCode - 128 : undefined)
  const named = number === undefined ? '' : ` (${signals[number] ?? `signal ${String(number)}`})`
  // The runtime does not always learn who killed it.
  const memory = number === 9 && limit !== undefined ? `, perhaps out of memory at its limit of ${limit}` : ''
  return `exit code ${String(exitCode)}${named}${memory}`
}

const restarts = (count: number): string =>
  count === 0 ? '' : `, ${String(count)} restart${count === 1 ? '' : 's'}`

function lastWords({ message }: Terminated): string {
  const text = message?.trim() ?? ''
  return text === '' ? '' : `, it says "${text.slice(-200)}"`
}

function killedByProbe(container: string, events: readonly Event[]): string | null {
  const killing = events.findLast(
    ({ reason, message }) =>
      reason === 'Killing' && message?.includes(`Container ${container} failed`) === true,
  )
  const probe = /failed (liveness|startup) probe/.exec(killing?.message ?? '')?.[1]
  return probe === undefined ? null : `fails its ${probe} probe and is restarted`
}
