import { rolloutAnnotation } from '../model/names.ts'
import type { ObservedWorkload } from '../model/observation.ts'
import type { Rollout } from '../model/rollout.ts'
import type { Versions } from './workloads/observe-versions.ts'
import { factsOf } from '../strategies/phases.ts'

/** Within a rollout a version counts only if this rollout wrote it: since an earlier one, the pods may have been changed from outside. */
export function writtenBy(rollout: Rollout, { stable, live }: Versions): ObservedWorkload | null {
  if (stable === null || !factsOf(rollout.phase).writesWorkload) return stable
  const writer = live?.metadata.annotations?.[rolloutAnnotation]
  return writer === rollout.id ? stable : { ...stable, version: null }
}
