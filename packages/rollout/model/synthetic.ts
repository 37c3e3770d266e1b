import type { Plan } from './plan.ts'
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
  /** Why no request to an address without a rate of its own can be sent; null = they are answered. */
  reach(plan: Plan): Promise<string | null>
  /** Stops sending; resolves with the results, null without synthetic requests. May be called twice. */
  over(): Promise<Sent | null>
}

export const noVisits: Visits = {
  follow: () => undefined,
  reach: () => Promise.resolve('this run can send no synthetic requests'),
  over: () => Promise.resolve(null),
}
