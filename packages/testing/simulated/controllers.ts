import { autoscalers } from './autoscalers.ts'
import { collector } from './collector.ts'
import { daemonSets } from './daemon-sets.ts'
import { deployments } from './deployments.ts'
import { endpoints } from './endpoints.ts'
import { jobs } from './jobs.ts'
import { pods } from './pods.ts'
import { replicaSets } from './replica-sets.ts'
import type { Round } from './round.ts'
import { routes } from './routes.ts'
import { statefulSets } from './stateful-sets.ts'

const all = [
  autoscalers,
  deployments,
  replicaSets,
  statefulSets,
  daemonSets,
  jobs,
  pods,
  endpoints,
  routes,
  collector,
] as const

/** One round of all controllers: each goes one step towards what is wanted. */
export function reconcile(round: Round): void {
  for (const controller of all) controller(round)
}
