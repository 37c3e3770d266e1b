import type { Rollout } from './rollout.ts'

/** The results of the synthetic requests. */
export interface Sent {
  readonly sent: number
  /** No answer, or 5xx; without requests aborted at the end. */
  readonly failed: number
  /** By `2xx`, `3xx`, `4xx`, `5xx`, `no answer`. */
  readonly answers: Readonly<Record<string, number>>
}

/** The synthetic requests of one rollout. */
export interface Visits {
  /** Sends only while the version has traffic and is judged. */
  follow(rollout: Rollout): void
  /** Stops sending; resolves with the results, null without synthetic requests. May be called twice. */
  over(): Promise<Sent | null>
}

export const noVisits: Visits = { follow: () => undefined, over: () => Promise.resolve(null) }
