import type { ContainerStatus, Pod } from '@alt-las/kubernetes'
import type { Behaviour } from '../round/behaviour.ts'
import { hashOf, isEnding, isOver, isReady, textOf, type Round } from '../round/round.ts'

type Status = NonNullable<Pod['status']>

/** The kubelet of all nodes, and the scheduler: pods get on by the behaviour of their image, and end when they were told to. */
export function pods(round: Round): void {
  for (const pod of round.of<Pod>('Pod')) {
    if (isEnding(pod)) end(pod, round)
    else if (!isOver(pod)) live(pod, round)
  }
}

function end(pod: Pod, round: Round): void {
  const grace = (pod.spec.terminationGracePeriodSeconds ?? 30) * 1000
  const at = Date.parse(pod.metadata.deletionTimestamp ?? '') + Math.min(round.timing.endingMs, grace)
  if (round.now >= at) round.erase(pod)
  else round.wake(at)
}

function live(pod: Pod, round: Round): void {
  const behaviour = round.behaviour(pod.spec.containers[0]?.image ?? '', pod)
  const isJob = pod.metadata.ownerReferences?.some(({ kind }) => kind === 'Job') === true
  if (behaviour === 'pending' || (!isJob && isReady(pod) && behaviour !== 'dies')) return
  const status = isJob ? jobStatus(pod, behaviour, round) : statusOf(pod, behaviour, round)
  round.put({ ...pod, status })
}

/** Where the pod is by now; wakes the round for the next change. */
function statusOf(pod: Pod, behaviour: Behaviour, round: Round): Status {
  const { readyMs, slowMs, diesMs } = round.timing
  const begun = (ms: number) => {
    const at = bornOf(pod) + ms
    if (round.now < at) round.wake(at)
    return round.now >= at
  }
  switch (behaviour) {
    case 'pending':
      return pod.status ?? { phase: 'Pending' }
    case 'unschedulable':
      return nowhere(pod)
    case 'image-pull':
      return created(pod, {
        reason: begun(readyMs) ? 'ImagePullBackOff' : 'ErrImagePull',
        message: `Back-off pulling image "${imageOf(pod)}": ErrImagePull: ${imageOf(pod)}: not found`,
      })
    case 'crash':
      return begun(readyMs) ? crashed(pod, readyMs, round) : created(pod, { reason: 'ContainerCreating' })
    case 'unready':
      return begun(readyMs) ? running(pod, false, round) : created(pod, { reason: 'ContainerCreating' })
    case 'dies':
      if (begun(diesMs)) return crashed(pod, diesMs, round)
      return begun(readyMs) ? running(pod, true, round) : created(pod, { reason: 'ContainerCreating' })
    case 'ready':
    case 'slow':
      return begun(behaviour === 'slow' ? slowMs : readyMs)
        ? running(pod, true, round)
        : created(pod, { reason: 'ContainerCreating' })
  }
}

function jobStatus(pod: Pod, behaviour: Behaviour, round: Round): Status {
  if (!['ready', 'slow', 'crash'].includes(behaviour)) return statusOf(pod, behaviour, round)
  const start = bornOf(pod) + (behaviour === 'slow' ? round.timing.slowMs : round.timing.readyMs)
  const at = start + round.timing.jobMs
  if (round.now < at) {
    round.wake(round.now < start ? start : at)
    return round.now < start ? created(pod, { reason: 'ContainerCreating' }) : running(pod, true, round)
  }
  const exitCode = behaviour === 'crash' ? 3 : 0
  const terminated = {
    exitCode,
    reason: exitCode === 0 ? 'Completed' : 'Error',
    startedAt: textOf(start),
    finishedAt: textOf(at),
  }
  const phase = exitCode === 0 ? 'Succeeded' : 'Failed'
  return { ...base(pod), phase, containerStatuses: containers(pod, { ready: false, state: { terminated } }) }
}

const bornOf = ({ metadata }: Pod): number => Date.parse(metadata.creationTimestamp ?? '')
const imageOf = ({ spec }: Pod): string => spec.containers[0]?.image ?? ''

function nowhere(pod: Pod): Status {
  const message = '0/3 nodes are available: 3 Insufficient cpu. preemption: 0/3 nodes are available.'
  const lastTransitionTime = pod.metadata.creationTimestamp ?? ''
  const condition = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message } as const
  return { phase: 'Pending', conditions: [{ ...condition, lastTransitionTime }] }
}

/** An address that follows from the name: two histories with the same pods have the same addresses. */
function base(pod: Pod): Pick<Status, 'startTime' | 'podIP'> {
  const number = Number.parseInt(hashOf([pod.metadata.namespace, pod.metadata.name]), 36)
  const [a, b, c] = [16, 8, 0].map((bits) => String((number >>> bits) & 255))
  return { startTime: pod.metadata.creationTimestamp ?? '', podIP: `10.${a ?? ''}.${b ?? ''}.${c ?? ''}` }
}

const scheduled = ({ metadata }: Pod) =>
  ({ type: 'PodScheduled', status: 'True', lastTransitionTime: metadata.creationTimestamp ?? '' }) as const

function containers(pod: Pod, status: Omit<Partial<ContainerStatus>, 'name'>): readonly ContainerStatus[] {
  return pod.spec.containers.map(({ name, image }) => ({
    name,
    image,
    ready: false,
    restartCount: 0,
    ...status,
  }))
}

function created(pod: Pod, waiting: { readonly reason: string; readonly message?: string }): Status {
  const { startTime = '' } = base(pod)
  const unready = { type: 'Ready', status: 'False', reason: 'ContainersNotReady' } as const
  return {
    phase: 'Pending',
    startTime,
    conditions: [scheduled(pod), { ...unready, lastTransitionTime: startTime }],
    containerStatuses: containers(pod, { state: { waiting } }),
  }
}

function running(pod: Pod, ready: boolean, round: Round): Status {
  const before = pod.status?.conditions?.find(({ type }) => type === 'Ready')
  const status = ready ? 'True' : 'False'
  const lastTransitionTime =
    (before?.status === status ? before.lastTransitionTime : null) ?? textOf(round.now)
  const state = pod.status?.containerStatuses?.[0]?.state
  const running = state?.running ?? { startedAt: textOf(round.now) }
  return {
    ...base(pod),
    phase: 'Running',
    conditions: [scheduled(pod), { type: 'Ready', status, lastTransitionTime }],
    containerStatuses: containers(pod, { ready, state: { running }, imageID: imageOf(pod) }),
  }
}

/** Restarts 0, 10, 30 and 70 s after its first crash, as the back-off doubles. */
function crashed(pod: Pod, afterMs: number, round: Round): Status {
  const first = bornOf(pod) + afterMs
  const starts = [0, 10_000, 30_000, 70_000]
  const restartCount = starts.filter((ms) => first + ms <= round.now).length
  const next = starts[restartCount]
  if (next !== undefined) round.wake(first + next)
  const at = textOf(first + (starts[restartCount - 1] ?? 0))
  const message = `back-off ${10 * 2 ** (restartCount - 1)}s restarting failed container`
  return {
    ...base(pod),
    phase: 'Running',
    conditions: [scheduled(pod), { type: 'Ready', status: 'False', lastTransitionTime: textOf(first) }],
    containerStatuses: containers(pod, {
      restartCount,
      state: { waiting: { reason: 'CrashLoopBackOff', message } },
      lastState: { terminated: { exitCode: 3, reason: 'Error', startedAt: at, finishedAt: at } },
    }),
  }
}
