import type { Cause } from './causes/cause.ts'
import { creationCause } from './causes/creation-cause.ts'
import { completedBy, givenUpBy } from './job-end.ts'
import type { Condition, Event, Job, Pod } from '@alt-las/kubernetes'
import { causesOfPods } from './causes/pods-causes.ts'
import { isOver, worstOf, type Readiness } from './readiness.ts'

/** Pure: the status of a Job. `pods` and `events` may include foreign ones; a crash counts only after the Job's own retries. */
export function jobStatus(job: Job, pods: readonly Pod[], events: readonly Event[], now: number): Readiness {
  const { metadata, status } = job
  if (completedBy(job) !== undefined) return { kind: 'ready', because: `Job ${metadata.name} has completed` }
  const own = pods.filter(({ metadata: { ownerReferences = [] } }) =>
    ownerReferences.some(({ uid }) => uid === metadata.uid),
  )
  const causes = causesOfPods(own.toSorted(newestFirst), events, now)
  const failed = givenUpBy(job)
  if (failed !== undefined) return givenUp(job, failed, causes)
  const about = events.filter(({ involvedObject }) => involvedObject.uid === metadata.uid)
  const unmade = creationCause([], about)
  const found = [...(unmade === null ? [] : [unmade]), ...causes.map(retried)]
  const worst = worstOf(found, now)
  const tries = `${status?.active ?? 0} pods active, ${status?.failed ?? 0} failed`
  if (worst === undefined)
    return {
      kind: 'waiting',
      because: `Job ${metadata.name} has not completed: ${job.spec.suspend === true ? 'it is suspended' : tries}`,
    }
  const because = `${metadata.name}: ${worst.because}`
  return { kind: isOver(worst, now) ? 'failed' : 'waiting', because, cause: worst, causes: found }
}

function givenUp(
  { metadata, spec }: Job,
  { reason, message }: Condition,
  causes: readonly Cause[],
): Readiness {
  const last = causes[0]
  const late = reason === 'DeadlineExceeded'
  const why = late
    ? `it ran longer than its ${spec.activeDeadlineSeconds ?? 0} s`
    : (last?.because ?? message ?? 'it failed')
  const cause: Cause = {
    ...(last ?? { kind: 'deadline', since: null, fault: 'version' }),
    ...(late ? { kind: 'deadline' } : {}),
    because: why,
    heals: false,
    graceMs: 0,
    evidence: { ...last?.evidence, jobReason: reason, jobMessage: message },
  }
  return {
    kind: 'failed',
    because: `Job ${metadata.name} failed (${reason ?? 'Failed'}): ${why}`,
    cause,
    causes: [cause],
  }
}

/** The Job itself limits its retries; but it would wait for ever for a pod that cannot start. */
function retried(cause: Cause): Cause {
  const ran = ['crash-loop', 'out-of-memory', 'start', 'probe', 'eviction'].includes(cause.kind)
  return ran ? { ...cause, heals: true, graceMs: null } : cause
}

const newestFirst = (one: Pod, other: Pod): number =>
  (one.metadata.creationTimestamp ?? '') < (other.metadata.creationTimestamp ?? '') ? 1 : -1
