import type { Block } from '@alt-las/judge'
import type { Memory, Versions } from '@alt-las/telemetry'
import type { Plan } from './plan.ts'

/** The traffic before the canary gets any. */
export interface Past {
  /** Stable's last half hour, oldest first; empty = unknown. */
  readonly blocks: readonly Block[]
  /** Who counts the requests: the gateway, which splits them by weight, or the pods, which other callers reach as well. */
  readonly counted: 'gateway' | 'pods'
}

/** Of one version's requests, by status: 300 to 399, 400 to 499; absent if the source does not say. */
export interface StatusCounts {
  readonly redirects?: number
  readonly rejects?: number
}

/** A block of counts, with what else is known of the answers. */
export type AnsweredBlock = Block & { readonly canary: StatusCounts; readonly stable: StatusCounts }

/** One reading of the metrics. Only a block is judged. */
export type ScrapeReading =
  | { readonly kind: 'start'; readonly readTo: number }
  | { readonly kind: 'block'; readonly block: AnsweredBlock }
  /** No scrape since the last reading. */
  | { readonly kind: 'waiting' }
  | { readonly kind: 'blind'; readonly because: string; readonly lasting: boolean }

/** The metrics of both versions, scrape by scrape. */
export interface Scrapes {
  /**
   * The block that follows the one which ended at `from` (ms by Prometheus' clock; null begins). Waits up to some seconds for the scrape.
   */
  next(plan: Plan, from: number | null, router: Split): Promise<ScrapeReading>
  /** Stable's last half hour and the source of its counts. Throws Failure without any source. */
  history(plan: Plan): Promise<Past>
  /** Where requests to stable are counted, if not in the series that the plan looks for; null where nothing says so. */
  elsewhere?(plan: Plan): Promise<string | null>
  /** Memory of the plan's container in the pods of both versions; absent where the source has pods of no kind. Never throws. */
  memory?(plan: Plan): Promise<Memory>
}

export interface Split {
  /** The canary's share in percent; null while it changes. */
  readonly weight: number | null
  /** Duration at this weight. */
  readonly settledMs: number
  /** Time of the switch, if one version serves after the other. */
  readonly switched?: Versions['switched']
}
