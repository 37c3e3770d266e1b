import type { Evidence } from '@alt-las/outcome'
import type { Capacity } from './check-capacity.ts'

/** The result as the outcome document has it. */
export function capacityEvidence(capacity: Capacity): Evidence<'verify'>['capacity'] {
  const { maxRate, end, targetRate, headroom, trials, workloads } = capacity
  return {
    ...{ maxRatePerSecond: maxRate, end, targetRatePerSecond: targetRate, headroom },
    trials: trials.map(({ rate, outcome, because, load }) => {
      const { p95Ms, p99Ms, errorRate } = load
      return { ratePerSecond: rate, outcome, because, p95Ms, p99Ms, errorRate }
    }),
    workloads: workloads.map(({ name, replicas, ratePerReplica, replicasForTarget }) => ({
      ...{ name, replicas, ratePerReplica, replicasForTarget },
    })),
  }
}
