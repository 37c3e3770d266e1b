import { type Cause, sharedCause } from '@alt-las/workload-health'
import type { Readiness, ObservedWorkload } from '../../model/observation.ts'

/** If stable has the same cause, the sentence says so: it is hardly the new version's fault. */
export function withShared(
  canary: ObservedWorkload | null,
  stable: ObservedWorkload | null,
): ObservedWorkload | null {
  if (canary === null || stable === null || canary.readiness.kind === 'ready') return canary
  const { cause } = canary.readiness
  if (cause === undefined || !hasToo(cause, stable.readiness)) return canary
  return {
    ...canary,
    readiness: { ...canary.readiness, because: `${canary.readiness.because} (stable has it too)` },
  }
}

function hasToo(cause: Cause, { causes }: Readiness): boolean {
  return causes !== undefined && sharedCause(cause, { kind: 'ready', because: '', causes }) !== null
}
