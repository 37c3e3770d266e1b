/** A workload that takes part, as it ran during the search. */
export interface Scaled {
  readonly name: string
  readonly replicas: number
}

export interface PlannedWorkload extends Scaled {
  /** Requests per second of the whole system for each of its pods. */
  readonly ratePerReplica: number
  /** For the target rate with its headroom; null without a target. */
  readonly replicasForTarget: number | null
}

/**
 * The table for planning: each workload grows with the rate. It assumes that twice the pods carry twice the rate, which holds until
 * something that is not scaled is used up, such as the database.
 */
export function planReplicas(
  workloads: readonly Scaled[],
  {
    maxRate,
    targetRate,
    headroom,
  }: {
    readonly maxRate: number
    readonly targetRate: number | null
    /** 0.3: a third of the target more. */
    readonly headroom: number
  },
): readonly PlannedWorkload[] {
  return workloads
    .filter(({ replicas }) => replicas > 0)
    .map(({ name, replicas }) => ({
      name,
      replicas,
      ratePerReplica: Math.round((maxRate / replicas) * 100) / 100,
      replicasForTarget:
        targetRate === null
          ? null
          : Math.max(1, Math.ceil((replicas * targetRate * (1 + headroom)) / maxRate - 1e-9)),
    }))
}
