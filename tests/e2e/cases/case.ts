import type { Releases } from '../releases.ts'
import type { Stack } from '../stack.ts'

export interface Case {
  readonly name: string
  /** What is seen to hold when the case passes. */
  readonly title: string
  /** Deadline in minutes: some three times what it takes on two idle cores. */
  readonly minutes: number
  /** Versions of the services that must have been released: the first one, or the pair. A case that is run alone gets them first. */
  readonly needs?: 'v1.0.0' | 'v1.0.0 and v1.1.0'
  run(world: { readonly stack: Stack; readonly releases: Releases }): Promise<void>
}
