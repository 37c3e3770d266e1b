import type { At } from '../types/cluster.ts'
import type { KubeObject } from '../types/objects.ts'
import { isNarrower, isSelected } from './label-selector.ts'

/** Whether a watch of `watched` can answer a list of `asked`. */
export function covers(watched: At, asked: At): boolean {
  return (
    mayHold(watched, asked) &&
    watched.fieldSelector === asked.fieldSelector &&
    isNarrower(asked.labelSelector, watched.labelSelector)
  )
}

/** Whether objects at `asked` may be among the watched ones, selectors aside. */
export function mayHold(watched: At, asked: At): boolean {
  return (
    watched.kind === asked.kind &&
    watched.apiVersion === asked.apiVersion &&
    (watched.namespace === undefined || watched.namespace === asked.namespace) &&
    (watched.name === undefined || watched.name === asked.name)
  )
}

/** Whether an object matches `asked`; a field selector counts as met, since only the server can evaluate it. */
export function isAmong({ labelSelector, ...asked }: At, object: KubeObject): boolean {
  const { name, namespace } = object.metadata
  return (
    (asked.name === undefined || asked.name === name) &&
    (asked.namespace === undefined || namespace === undefined || asked.namespace === namespace) &&
    isSelected(object, labelSelector)
  )
}
