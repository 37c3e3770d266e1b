import type { Rollout } from './rollout.ts'

/** What became of the synthetic requests. */
export interface Sent {
  readonly sent: number
  /** No answer, or 5xx. Those that were given up at the end are not among them. */
  readonly failed: number
  /** By `2xx`, `3xx`, `4xx`, `5xx`, `no answer`. */
  readonly answers: Readonly<Record<string, number>>
}

/** The synthetic requests of one rollout. */
export interface Visits {
  /** Sends while the version has traffic and is judged, and not otherwise. */
  follow(rollout: Rollout): void
  /** Nothing is sent from now on; resolves with what was, null where nothing was asked for. May be called twice. */
  over(): Promise<Sent | null>
}

export const noVisits: Visits = { follow: () => undefined, over: () => Promise.resolve(null) }
