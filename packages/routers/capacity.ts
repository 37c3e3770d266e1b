import type { RouterKind } from './router-kind.ts'

/**
 * Canary pods that a weight needs beside `stableReplicas`, at least one: so many that a pod of the canary has as much to do as one of stable,
 * and never more than all traffic needs. Fewer would be slower for want of pods, and the judge would call the version slow. With weights of a
 * gateway rounded up, so that capacity comes first; with `replicas` the pods ARE the weight: rounded down, so that the share is never above it.
 */
export function replicasFor(
  plan: { readonly router: RouterKind },
  weight: number,
  stableReplicas: number,
): number {
  if (weight >= 100) return Math.max(1, stableReplicas)
  const beside = (weight / (100 - weight)) * stableReplicas
  return plan.router === 'replicas'
    ? Math.max(1, Math.floor(beside + 1e-9))
    : Math.min(Math.max(1, stableReplicas), Math.max(1, Math.ceil(beside - 1e-9)))
}
