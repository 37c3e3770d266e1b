import { Failure, describe } from '@alt-las/failure'
import type { Cluster, Pod } from '@alt-las/kubernetes'
import { until, type Clock } from '@alt-las/time'
import { probeLabel } from '../../workloads.ts'
import { probePod, type ProbeOrder } from './probe-pod.ts'

export interface ProbePorts {
  readonly cluster: Cluster
  readonly clock: Clock
  readonly interrupted: AbortSignal
}

/** The answers of one probe, in the order of its attempts. Its pod is removed in every case. Throws Failure `probe`. */
export async function runProbe<A>(
  order: ProbeOrder,
  isAnswer: (value: unknown) => value is A,
  { cluster, clock, interrupted }: ProbePorts,
): Promise<readonly A[]> {
  const at = { apiVersion: 'v1', kind: 'Pod', namespace: order.namespace, name: order.name }
  try {
    await cluster.apply<Pod>(probePod(order), 'alt-las-verify')
    const look = async () => lastWords(await cluster.get<Pod>(at))
    const options = { what: 'it to end', timeoutMs: 100_000, everyMs: 500, signal: interrupted }
    return readAnswers(await until(look, options, clock), isAnswer)
  } catch (error) {
    interrupted.throwIfAborted()
    throw new Failure('probe', `the probe ${order.name} could not be run: ${describe(error)}`, {
      fault: 'outside',
      cause: error,
    })
  } finally {
    await cluster.remove(at, {})
  }
}

/** Removes the probes of a run that was killed. They have ended by their own deadline. */
export async function sweepProbes(
  namespace: string,
  { cluster }: Pick<ProbePorts, 'cluster'>,
): Promise<void> {
  const labelSelector = `${probeLabel}=true`
  const left = await cluster.list<Pod>({ apiVersion: 'v1', kind: 'Pod', namespace, labelSelector })
  const over = left.filter(({ status }) => status?.phase === 'Succeeded' || status?.phase === 'Failed')
  await Promise.all(
    over.map(({ metadata: { name, uid } }) =>
      cluster.remove({ apiVersion: 'v1', kind: 'Pod', namespace, name }, uid === undefined ? {} : { uid }),
    ),
  )
}

const hopeless =
  /^(ImagePullBackOff|InvalidImageName|ErrImageNeverPull|CreateContainer\w*Error|RunContainerError)$/

/** The termination message of the pod; null while it runs. Throws where the pod can never start. */
function lastWords(pod: Pod | null): string | null {
  const status = pod?.status?.containerStatuses?.[0]
  const waiting = status?.state?.waiting
  if (waiting?.reason !== undefined && hopeless.test(waiting.reason))
    throw new Failure('probe', `${waiting.reason}: ${waiting.message ?? ''}`, {
      fault: 'outside',
      hint: 'check `probe-image`',
    })
  const terminated = status?.state?.terminated
  if (terminated !== undefined) return terminated.message ?? ''
  if (pod?.status?.phase === 'Failed')
    throw new Failure('probe', `${pod.status.reason ?? 'failed'}: ${pod.status.message ?? 'no message'}`, {
      fault: 'outside',
    })
  return null
}

function readAnswers<A>(message: string, isAnswer: (value: unknown) => value is A): readonly A[] {
  const line = message.split('\n').find((one) => one.startsWith('[{'))
  if (line === undefined)
    throw new Failure('probe', `it ended without an answer: ${message.slice(0, 300) || 'no message'}`, {
      fault: 'outside',
      hint: 'check that `probe-image` has node as its entry point',
    })
  const answers: unknown = JSON.parse(line)
  if (!Array.isArray(answers) || !answers.every(isAnswer))
    throw new Failure('probe', `it ended with an answer that cannot be read: ${line.slice(0, 300)}`, {
      fault: 'outside',
    })
  return answers
}
