import { relative } from 'node:path'
import type { PlanFacts } from './buildx/plan.ts'
import type { Dockerfile } from './dockerfile/dockerfile.ts'
import type { Inputs } from './inputs.ts'

/** What one run works with. */
export interface Job {
  readonly inputs: Inputs
  readonly facts: PlanFacts
  readonly dockerfile: Dockerfile
  /** On the monotonic clock. */
  readonly deadline: number
}

/** The Dockerfile as a path of the checkout. */
export function named({ workspace, dockerfile }: PlanFacts): string {
  return relative(workspace, dockerfile)
}
