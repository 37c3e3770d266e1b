// The controllers: those of workloads, and beside them routes, endpoints, definitions and garbage collection.
import { autoscalers } from './workloads/autoscalers.ts'
import { collector } from './collector.ts'
import { daemonSets } from './workloads/daemon-sets.ts'
import { definitions } from './definitions.ts'
import { deployments } from './workloads/deployments.ts'
import { endpoints } from './endpoints.ts'
import { jobs } from './workloads/jobs.ts'
import { pods } from './workloads/pods.ts'
import { replicaSets } from './workloads/replica-sets.ts'
import type { Round } from './round/round.ts'
import { routes } from './routes.ts'
import { statefulSets } from './workloads/stateful-sets.ts'

export interface Controller {
  run(round: Round): void
  /** The kinds that it looks at; '' = births and deaths of anything. */
  readonly reads: readonly string[]
}

/** In the order in which they work. */
export const controllers: readonly Controller[] = [
  { run: definitions, reads: ['CustomResourceDefinition'] },
  { run: autoscalers, reads: ['HorizontalPodAutoscaler', 'Deployment', 'StatefulSet'] },
  { run: deployments, reads: ['Deployment', 'ReplicaSet', 'Pod'] },
  { run: replicaSets, reads: ['ReplicaSet', 'Pod'] },
  { run: statefulSets, reads: ['StatefulSet', 'Pod'] },
  { run: daemonSets, reads: ['DaemonSet', 'Pod', 'Node'] },
  { run: jobs, reads: ['Job', 'Pod'] },
  { run: pods, reads: ['Pod'] },
  { run: endpoints, reads: ['Service', 'Pod', 'EndpointSlice'] },
  { run: routes, reads: ['HTTPRoute', 'Service'] },
  { run: collector, reads: [''] },
]
