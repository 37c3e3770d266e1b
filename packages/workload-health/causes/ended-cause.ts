import { redact } from '@alt-las/secrets'
import { timeOf, type Cause } from './cause.ts'
import {
  type Container,
  type ContainerStatus,
  type Event,
  type Terminated,
  timeOfEvent,
} from '@alt-las/kubernetes'

interface Known {
  /** `container api`. */
  readonly name: string
  readonly container: Container | undefined
  readonly events: readonly Event[]
  readonly now: number
}

/** A container that has ended: out of memory, not startable, killed by its probe or its hook, or a crash. */
export function endedCause(status: ContainerStatus, known: Known): Cause | null {
  const ended = status.state?.terminated ?? status.lastState?.terminated
  if (ended === undefined || hasRecovered(status, ended, known.now)) return null
  const { name } = known
  const limit = known.container?.resources?.limits?.['memory']
  const again = restarts(status.restartCount)
  const base = {
    heals: false,
    graceMs: 0,
    since: timeOf(ended.finishedAt),
    hasLog: true,
    fault: 'version',
  } as const
  const evidence = evidenceOf(status, ended, limit)
  if (ended.reason === 'OOMKilled') {
    const because = `${name} ran out of memory${limit === undefined ? '' : ` at its limit of ${limit}`}${again}`
    return { ...base, kind: 'out-of-memory', because, evidence }
  }
  if (ended.reason === 'ContainerStatusUnknown') {
    const because = `${name} was lost by its node, which is not the version's fault`
    return { ...base, kind: 'node', because, heals: true, graceMs: null, fault: 'surroundings', evidence }
  }
  if (ended.reason === 'StartError' || ended.reason === 'ContainerCannotRun') {
    const because = `${name} cannot be started: ${redact(ended.message ?? 'no reason given')}`
    return { ...base, kind: 'start', because, evidence }
  }
  const loops = isLoop(status)
  // Once may be an accident that the next start resolves.
  const verdict = loops ? base : { ...base, heals: true, graceMs: 60_000 }
  const how = `${howItEnded(ended)}${again}${lastWords(ended)}`
  const killed = killedBy(
    ended,
    known.events.filter(({ involvedObject }) => isAbout(involvedObject, status.name)),
  )
  if (killed !== null)
    return {
      ...verdict,
      kind: killed.kind,
      because: `${name} ${killed.because}: ${how}`,
      about: killed.about,
      evidence,
    }
  if (ended.exitCode === 137 && limit !== undefined) {
    // The runtime does not always know the cause of a kill.
    const because = `${name} was killed, most likely out of memory at its limit of ${limit}: ${how}`
    return { ...verdict, kind: 'out-of-memory', because, evidence }
  }
  const because = `${name} ${loops ? 'crashes again and again' : 'crashed'}: ${how}`
  return { ...verdict, kind: 'crash-loop', because, about: `exit code ${ended.exitCode}`, evidence }
}

/** Back up, and for longer than it lived before. */
function hasRecovered({ state }: ContainerStatus, ended: Terminated, now: number): boolean {
  const upSince = timeOf(state?.running?.startedAt)
  if (upSince === null) return false
  const lived = (timeOf(ended.finishedAt) ?? 0) - (timeOf(ended.startedAt) ?? 0)
  return now - upSince > Math.max(60_000, lived)
}

const isLoop = ({ state, restartCount }: ContainerStatus): boolean =>
  state?.waiting?.reason === 'CrashLoopBackOff' ||
  restartCount >= 2 ||
  (restartCount >= 1 && state?.terminated !== undefined)

const signals: Readonly<Record<number, string>> = {
  4: 'SIGILL',
  6: 'SIGABRT',
  7: 'SIGBUS',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  13: 'SIGPIPE',
  15: 'SIGTERM',
}

function signalOf({ exitCode, signal }: Terminated): string | undefined {
  const number = signal ?? (exitCode > 128 && exitCode < 160 ? exitCode - 128 : undefined)
  return number === undefined ? undefined : (signals[number] ?? `signal ${number}`)
}

function howItEnded(ended: Terminated): string {
  const signal = signalOf(ended)
  return `exit code ${ended.exitCode}${signal === undefined ? '' : ` (${signal})`}`
}

const restarts = (count: number): string => (count === 0 ? '' : `, ${count} restart${count === 1 ? '' : 's'}`)

function lastWords({ message }: Terminated): string {
  // Often the end of its log: with the secrets that a program prints when it fails.
  const text = redact(message ?? '').trim()
  return text === '' ? '' : `, last words "${text.slice(-200)}"`
}

function evidenceOf({ restartCount }: ContainerStatus, ended: Terminated, limit: string | undefined) {
  const { exitCode, reason, startedAt, finishedAt } = ended
  return {
    exitCode,
    signal: signalOf(ended),
    reason,
    restarts: restartCount,
    memoryLimit: limit,
    startedAt,
    finishedAt,
  }
}

/** The kubelet's own reason to kill this run of the container. */
function killedBy(
  ended: Terminated,
  events: readonly Event[],
): (Pick<Cause, 'kind' | 'because'> & { about: string }) | null {
  const begun = timeOf(ended.startedAt) ?? 0
  const killing = events.findLast(
    (event) => event.reason === 'Killing' && (timeOf(timeOfEvent(event)) ?? Infinity) >= begun,
  )
  const probe = /failed (liveness|startup) probe/.exec(killing?.message ?? '')?.[1]
  if (probe !== undefined)
    return { kind: 'probe', because: `fails its ${probe} probe and is restarted`, about: `${probe} probe` }
  if (killing?.message !== 'FailedPostStartHook') return null
  return { kind: 'start', because: 'is killed, since its postStart hook fails', about: 'postStart hook' }
}

const isAbout = ({ fieldPath }: Event['involvedObject'], container: string): boolean =>
  fieldPath === undefined || fieldPath.includes(`{${container}}`)
