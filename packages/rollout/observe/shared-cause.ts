import { type Cause, sharedBy } from '@alt-las/workload-health'
import type { Health, WorkloadSight } from '../model/observation.ts'

/** Where stable has the canary's trouble too, the sentence says so: it is hardly the new version's fault. */
export function withShared(canary: WorkloadSight | null, stable: WorkloadSight | null): WorkloadSight | null {
  if (canary === null || stable === null || canary.standing.kind === 'ready') return canary
  const { cause } = canary.standing
  if (cause === undefined || !hasToo(cause, stable.standing)) return canary
  return {
    ...canary,
    standing: { ...canary.standing, because: `${canary.standing.because} (stable has it too)` },
  }
}

function hasToo(cause: Cause, { causes }: Health): boolean {
  return causes !== undefined && sharedBy(cause, { kind: 'ready', because: '', causes }) !== null
}
