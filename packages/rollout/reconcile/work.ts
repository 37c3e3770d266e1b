import type { KubeObject } from '@alt-las/kubernetes'
import type { Plan } from '../model/plan.ts'

/** The desired state of one target. */
export interface Work {
  readonly plan: Plan
  /** The objects of `manifests` beside the Deployment. */
  readonly others: readonly KubeObject[]
  readonly timeoutMs: number
}
