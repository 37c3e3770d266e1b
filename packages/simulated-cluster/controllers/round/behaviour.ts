import type { Pod } from '@alt-las/kubernetes'

/**
 * How the pods of an image behave. `ready`: ready after `readyMs`; `slow`: after `slowMs`; `unready`: runs, never passes its readiness
 * probe; `crash`: crash loop with exit code 3; `dies`: ready, and a crash loop from `diesMs` on; `image-pull`: no such image; `unschedulable`: no node takes it, and it says so; `pending`:
 * nothing happens at all. A Job's pod ends: with success where the behaviour is `ready` or `slow`, with exit code 3 for `crash`.
 */
export type Behaviour =
  'ready' | 'slow' | 'unready' | 'crash' | 'dies' | 'image-pull' | 'unschedulable' | 'pending'

/** What the pods of `image` do; `pod` for who treats a Job's pods otherwise than those of a Deployment. */
export type Behaviours = (image: string, pod: Pod) => Behaviour

/** Virtual milliseconds. */
export interface Timing {
  /** Between two rounds of the controllers, while they have something to do. */
  readonly tickMs: number
  /** From a pod's birth to its readiness (`ready`), or to its first crash (`crash`). */
  readonly readyMs: number
  readonly slowMs: number
  /** From a pod's birth to its first crash (`dies`). */
  readonly diesMs: number
  /** How long a Job's pod runs. */
  readonly jobMs: number
  /** How long a pod that was told to end goes on, at most its grace period. */
  readonly endingMs: number
}

export const usualTiming: Timing = {
  tickMs: 250,
  readyMs: 1000,
  slowMs: 20_000,
  diesMs: 8000,
  jobMs: 2000,
  endingMs: 1000,
}
