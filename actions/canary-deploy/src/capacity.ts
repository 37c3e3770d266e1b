import type { Sight } from './sight.ts'

/** Canary pods that a weight needs: its share of stable's replicas, rounded up, at least one. */
export function replicasFor(weight: number, stableReplicas: number): number {
  return Math.max(1, Math.ceil((weight / 100) * stableReplicas - 1e-9))
}

/** What keeps the canary from taking traffic with `replicas` pods; null when nothing does. */
export function whatCanaryLacks({ canary, canaryService }: Sight, replicas: number): string | null {
  if (canary === null) return 'the canary is gone'
  if (canary.replicas < replicas)
    return `the canary has ${String(canary.replicas)} of ${String(replicas)} replicas`
  if (canary.standing.kind !== 'ready') return canary.standing.because
  if (!canary.settled) return `${String(canary.ready)} of ${String(canary.replicas)} canary pods are ready`
  if (canaryService === null || canaryService.endpoints < replicas)
    return `the canary's Service has ${String(canaryService?.endpoints ?? 0)} of ${String(replicas)} endpoints`
  return null
}
