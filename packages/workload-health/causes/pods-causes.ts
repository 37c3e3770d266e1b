import type { Cause } from './cause.ts'
import { containerCause } from './container-cause.ts'
import { endedByNode, podCause } from './pod-cause.ts'
import type { Event, Pod } from '@alt-las/kubernetes'

/** Everything that is wrong with these pods; `events` oldest first, `now` in ms since 1970. */
export function causesOfPods(pods: readonly Pod[], events: readonly Event[], now: number): readonly Cause[] {
  const byPod = Map.groupBy(events, ({ involvedObject }) => involvedObject.uid ?? '')
  return pods.flatMap((pod) => causesOf(pod, byPod.get(pod.metadata.uid ?? '') ?? [], now))
}

function causesOf(pod: Pod, events: readonly Event[], now: number): readonly Cause[] {
  const ended = endedByNode(pod)
  if (ended !== null) return [ended]
  const statuses = [
    ...(pod.status?.initContainerStatuses ?? []).map((status) => ({ status, init: true })),
    ...(pod.status?.containerStatuses ?? []).map((status) => ({ status, init: false })),
  ]
  const inside = statuses.flatMap(
    ({ status, init }) => containerCause(pod, status, { init, events, now }) ?? [],
  )
  if (inside.length > 0) return inside
  const outside = podCause(pod, events)
  return outside === null ? [] : [outside]
}
