import type { Given } from '../../actions/canary-deploy/src/given.ts'
import type { Habits } from '../../actions/canary-deploy/src/testing/scenario.ts'
import { v1, v2 } from '../../packages/rollout/testing/manifests.ts'

/** One operation, what was there before it, and how its images behave. */
export interface Story {
  readonly name: string
  /** Runs that were there before, in their order. */
  readonly before: readonly Partial<Given>[]
  readonly inputs: Partial<Given>
  readonly habits: Habits
  /** An operation whose end is as good where a fault ended this one: what was taken back cannot be promoted any more. */
  readonly orElse?: Partial<Given>
}

const steps = {
  pauseAtPreview: false,
  steps: [
    { weight: 10, holdMs: 5000 },
    { weight: 50, holdMs: 5000 },
  ],
}
export const first: Partial<Given> = { steps, image: v1, release: 'r1' }
export const second: Partial<Given> = { ...first, image: v2, release: 'r2' }

/** Stands still with half of the traffic. */
export const paused = {
  ...second,
  steps: { ...steps, steps: [{ weight: 50, holdMs: 5000, pause: true as const }] },
} satisfies Partial<Given>

/** Beta users first: the oracle knows them by this header. */
export const audience = { kind: 'header', name: 'X-Beta', value: 'true', holdMs: 10_000 } as const

/** Of what goes on with what is there. */
export const bare: Partial<Given> = { image: null, release: null }
