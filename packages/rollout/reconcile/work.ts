import type { KubeObject } from '@alt-las/kubernetes'
import type { Plan } from '../model/plan.ts'

/** What one target is to be brought to. */
export interface Work {
  readonly plan: Plan
  /** The objects of `manifests` beside the Deployment. */
  readonly others: readonly KubeObject[]
  readonly timeoutMs: number
}
