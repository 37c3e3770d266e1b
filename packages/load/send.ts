/** Why a request failed. */
export interface Loss {
  /** Short and from a small set, since losses are counted by it: `status 503`, `no-answer`. */
  readonly reason: string
  /** An excerpt of the answer, for people. */
  readonly detail?: string
}

/**
 * Sends one request and resolves when the answer is complete; null is success. A thrown Failure counts as a loss with its code.
 * `index` counts the requests of the run from 0.
 */
export type Send<R> = (request: R, index: number) => Promise<Loss | null>
