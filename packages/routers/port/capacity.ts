import type { RouterKind } from './router-kind.ts'

/**
 * Canary pods for a weight beside `stableReplicas`, at least one: enough that load per pod equals stable's,
 * and never more than all traffic needs. With fewer pods the judge would call a healthy version slow. With weights of a
 * gateway the number is rounded up (capacity first). With `replicas` the pods are the weight: rounded down, so that the share never exceeds it.
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
