import type { Plan } from '../plan.ts'
import type { RouteBefore } from '../rollout.ts'
import type { RouterSight } from '../sight.ts'

/** Who splits the traffic. Reads and writes only the rules that the plan names. */
export interface Router {
  see(plan: Plan): Promise<Omit<RouterSight, 'settledMs'>>
  /** Sends `percent` of the service's traffic to the canary. Throws Failure `conflict` where a rule changed since it was read. */
  split(plan: Plan, percent: number): Promise<void>
  /** Rules as they were before the canary. */
  restore(plan: Plan, before: readonly RouteBefore[]): Promise<void>
}
