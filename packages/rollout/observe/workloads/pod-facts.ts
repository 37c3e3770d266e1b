import type { KubeObject, Pod } from '@alt-las/kubernetes'

/** Ready, and not terminating. */
export const isReady = (pod: Pod): boolean => !isEnding(pod) && readyCondition(pod)?.status === 'True'

export const isEnding = ({ metadata }: KubeObject): boolean => metadata.deletionTimestamp !== undefined

/** Since when the pod is not ready, ms since 1970; null = ready, or no condition yet. */
export function unreadySince(pod: Pod): number | null {
  const condition = readyCondition(pod)
  if (condition?.status === 'True') return null
  const since = Date.parse(condition?.lastTransitionTime ?? pod.metadata.creationTimestamp ?? '')
  return Number.isNaN(since) ? null : since
}

const readyCondition = (pod: Pod) => pod.status?.conditions?.find((one) => one.type === 'Ready')
