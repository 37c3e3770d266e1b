import type { StoreState } from '../cluster-store.ts'

/** A simulation at one instant: cheap to take, never changes, and any number of simulations can begin with it. */
export interface Snapshot {
  /** Virtual milliseconds since the simulation began. */
  readonly elapsed: number
  readonly state: StoreState
}
