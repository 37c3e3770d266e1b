/** Why a request failed. */
export interface Loss {
  /** Short and from a small set, since losses are counted by it: `status 503`, `no-answer`. */
  readonly reason: string
  /** What the answer said, for a person. */
  readonly detail?: string
}

/**
 * Sends one request and resolves when the answer is complete; null is success. What it throws counts as a loss with the code of its Failure.
 * `index` counts the requests of the run from 0.
 */
export type Send<R> = (request: R, index: number) => Promise<Loss | null>
