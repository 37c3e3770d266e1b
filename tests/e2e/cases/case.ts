import type { Releases } from '../releases.ts'
import type { Stack } from '../stack.ts'

export interface Case {
  readonly name: string
  /** What is seen to hold when the case passes. */
  readonly title: string
  /** Whether the cases after it cannot be judged when it fails. */
  readonly fatal?: boolean
  /** Runs only where it is named: it takes too long for every change. */
  readonly apart?: boolean
  run(world: { readonly stack: Stack; readonly releases: Releases }): Promise<void>
}
