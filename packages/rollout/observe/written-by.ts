import { rolloutAnnotation } from '../model/names.ts'
import type { WorkloadSight } from '../model/observation.ts'
import { type Rollout, idOf } from '../model/rollout.ts'
import type { Versions } from './observe.ts'

/** Within a rollout a version counts only where this very rollout wrote it: since an earlier one, somebody may have changed the pods. */
export function writtenBy(rollout: Rollout, { stable, live }: Versions): WorkloadSight | null {
  const writes = ['install', 'roll', 'promote-stable', 'revert'].includes(rollout.phase.kind)
  if (stable === null || !writes) return stable
  const writer = live?.metadata.annotations?.[rolloutAnnotation]
  return writer === idOf(rollout) ? stable : { ...stable, version: null }
}
