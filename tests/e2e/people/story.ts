import type { Probe } from '../rollouts/probe.ts'
import type { Place } from './place.ts'

/** What somebody does to a rollout on an ordinary cluster, and what is right then. */
export interface Story {
  readonly name: string
  /** In the table: what was done, and what is right. */
  readonly done: string
  readonly right: string
  /** Changes to the first version, which `kubectl apply` has installed before; null: nothing is installed. */
  readonly before: ((place: Place) => readonly object[]) | null
  /** Users lose requests by the version itself, not by the rollout. Default: none is lost. */
  readonly losesRequests?: true
  play(place: Place, users: Probe | null): Promise<void>
}

export const installed = (place: Place): readonly object[] => place.version('1')
