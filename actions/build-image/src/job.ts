import { relative } from 'node:path'
import type { Timing } from '@alt-las/report'
import type { Environment } from '@alt-las/runner'
import type { BuildxPorts } from './buildx.ts'
import type { BuildInputs } from './inputs.ts'
import type { PlanFacts } from './plan.ts'
import type { Practice } from './practice.ts'
import type { ReleaseSource } from './reuse.ts'
import type { SourcePorts } from './sources.ts'

export interface BuildPorts extends BuildxPorts, SourcePorts {
  readonly environment: Environment
  /** The repository where releases are, for reading. Throws a Failure where no credentials can be had. */
  readonly openReleases: (inputs: BuildInputs, signal: AbortSignal) => Promise<ReleaseSource>
}

/** What one run works with. */
export interface Job {
  readonly inputs: BuildInputs
  readonly facts: PlanFacts
  readonly practice: Practice
  /** On the monotonic clock. */
  readonly deadline: number
  /** The chapters done so far. */
  readonly timings: Timing[]
}

/** The Dockerfile as a path of the checkout. */
export function named({ workspace, dockerfile }: PlanFacts): string {
  return relative(workspace, dockerfile)
}
