import type { Block } from '@alt-las/judge'
import type { Versions } from '@alt-las/telemetry'
import type { Plan } from './plan.ts'

/** What is known of the traffic before the canary gets any. */
export interface Past {
  /** What stable did in the last half hour, oldest first; empty where nobody knows. */
  readonly blocks: readonly Block[]
  /** Who counts the requests: the gateway, which splits them by weight, or the pods, which other callers reach as well. */
  readonly counted: 'gateway' | 'pods'
}

/** What one look at the metrics gave. Only a block is ever judged. */
export type Reading =
  | { readonly kind: 'start'; readonly readTo: number }
  | { readonly kind: 'block'; readonly block: Block }
  /** No scrape since the last look. */
  | { readonly kind: 'waiting' }
  | { readonly kind: 'blind'; readonly because: string; readonly lasting: boolean }

/** The metrics of both versions, scrape by scrape. */
export interface Scrapes {
  /**
   * The block that follows the one which ended at `from` (ms by Prometheus' clock; null begins). Waits up to some seconds for the scrape.
   */
  next(plan: Plan, from: number | null, router: Split): Promise<Reading>
  /** What stable did in the half hour before, and who counted it. Throws Failure where there is no source at all. */
  history(plan: Plan): Promise<Past>
}

export interface Split {
  /** The canary's share in percent; null while it changes. */
  readonly weight: number | null
  /** For how long it has been so. */
  readonly settledMs: number
  /** Where one version serves after the other: when all traffic was switched. */
  readonly switched?: Versions['switched']
}
