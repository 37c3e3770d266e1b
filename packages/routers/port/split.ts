import type { Audience } from './audience.ts'
import type { RouterKind } from './router-kind.ts'
import type { Pair } from '../weights/weigher.ts'

/** The traffic of `service` to split between its own pods and those behind `canaryService`. */
export interface Split extends Pair {
  /** `name` or `name/rule`; null = every rule whose backend is `service`. */
  readonly route: string | null
  /** Name of stable's Deployment. */
  readonly deployment: string
  /** Users who get the canary whatever its weight; absent = none. */
  readonly audience?: Audience
}

/** A split with its router, and its steps if known in advance. */
export interface PlannedSplit extends Split {
  readonly router: RouterKind
  /** Percent of the service's traffic. */
  readonly steps: readonly { readonly weight: number }[]
}
