import type { Condition, Job, Pod } from '@alt-las/kubernetes'
import { counted, isEnding, isOver, ownerOf, textOf, type Round } from '../round/round.ts'

interface Detailed extends Job {
  readonly spec: Job['spec'] & {
    readonly activeDeadlineSeconds?: number
    readonly ttlSecondsAfterFinished?: number
    readonly suspend?: boolean
  }
}

/** One pod after the other until one succeeds, too many have failed, or the time is over. */
export function jobs(round: Round): void {
  for (const job of round.of<Detailed>('Job')) {
    if (isEnding(job)) continue
    const end = job.status?.conditions?.find(isEnd)
    if (end === undefined) run(job, round)
    else expire(job, end, round)
  }
}

const isEnd = ({ type, status }: Condition): boolean =>
  status === 'True' && (type === 'Complete' || type === 'Failed')

/** What a Job has come to is said first; that it has ended, when its pods have, in a write of its own. */
const ends: Readonly<Record<string, string>> = { SuccessCriteriaMet: 'Complete', FailureTarget: 'Failed' }
const betweenMs = 1000

function run(job: Detailed, round: Round): void {
  const pods = round.owned<Pod>('Pod', job)
  const failed = pods.filter(({ status }) => status?.phase === 'Failed')
  const succeeded = pods.filter(({ status }) => status?.phase === 'Succeeded').length
  const active = pods.filter((pod) => !isOver(pod) && !isEnding(pod))
  const said = job.status?.conditions?.find(({ type }) => ends[type] !== undefined)
  const why = said ?? verdictOn(job, { failed: failed.length, succeeded }, round)
  if (why?.type === 'FailureTarget') for (const pod of active) round.remove(pod)
  if (why === null && active.length === 0 && job.spec.suspend !== true && isDue(job, failed.length, round))
    round.put(podOf(job, pods.length))
  const left = round.owned<Pod>('Pod', job).filter((pod) => !isOver(pod))
  const running = left.filter((pod) => !isEnding(pod)).length
  const numbers = counted({ active: running, succeeded, failed: failed.length })
  const startTime = job.metadata.creationTimestamp ?? textOf(round.now)
  const conditions = why === null ? [] : [why, ...endAfter(why, left.length, round)]
  const status = { startTime, ...numbers, ...(conditions.length === 0 ? {} : { conditions }) }
  round.put({ ...job, status } as Job)
}

function endAfter(verdict: Condition, left: number, round: Round): readonly Condition[] {
  const at = Date.parse(verdict.lastTransitionTime ?? '') + betweenMs
  if (round.now < at) round.wake(at)
  return round.now < at || left > 0
    ? []
    : [{ ...verdict, type: ends[verdict.type] ?? '', lastTransitionTime: textOf(round.now) }]
}

interface Counts {
  readonly failed: number
  readonly succeeded: number
}

function verdictOn(job: Detailed, { failed, succeeded }: Counts, round: Round): Condition | null {
  const lastTransitionTime = textOf(round.now)
  const condition = (type: string, reason: string, message: string): Condition => ({
    type,
    status: 'True',
    reason,
    message,
    lastTransitionTime,
  })
  if (succeeded > 0)
    return condition('SuccessCriteriaMet', 'CompletionsReached', 'Reached expected number of succeeded pods')
  if (failed > (job.spec.backoffLimit ?? 6))
    return condition('FailureTarget', 'BackoffLimitExceeded', 'Job has reached the specified backoff limit')
  const { activeDeadlineSeconds: limit } = job.spec
  if (limit === undefined) return null
  const at = bornOf(job) + limit * 1000
  if (round.now >= at)
    return condition('FailureTarget', 'DeadlineExceeded', 'Job was active longer than specified deadline')
  round.wake(at)
  return null
}

const bornOf = ({ metadata }: Job): number => Date.parse(metadata.creationTimestamp ?? '')

/** After a failure the next try waits ten seconds for each that there was. */
function isDue(job: Detailed, failures: number, round: Round): boolean {
  const last = round
    .owned<Pod>('Pod', job)
    .map(({ status }) => status?.containerStatuses?.[0]?.state?.terminated?.finishedAt ?? '')
    .toSorted()
    .at(-1)
  if (failures === 0 || last === undefined || last === '') return true
  const at = Date.parse(last) + failures * 10_000
  if (round.now < at) round.wake(at)
  return round.now >= at
}

function podOf(job: Detailed, index: number): Pod {
  const { metadata = {}, spec } = job.spec.template
  const own = { 'batch.kubernetes.io/job-name': job.metadata.name, 'job-name': job.metadata.name }
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...metadata,
      name: `${job.metadata.name}-${index}`,
      namespace: job.metadata.namespace ?? 'default',
      labels: { ...metadata.labels, ...own },
      ownerReferences: [ownerOf(job)],
    },
    spec,
    status: { phase: 'Pending' },
  }
}

function expire(job: Detailed, end: Condition, round: Round): void {
  const { ttlSecondsAfterFinished: seconds } = job.spec
  if (seconds === undefined) return
  const at = Date.parse(end.lastTransitionTime ?? '') + seconds * 1000
  if (round.now >= at) round.remove(job)
  else round.wake(at)
}
