/**
 * Who of several runners goes on. A step is one call to the cluster or one sleep; between two steps a runner is not interrupted. A runner
 * whose turn it is and who sleeps lets virtual time pass; the others wake late then, and hear of what has happened when their turn comes, as a
 * starved process does.
 */
export type Schedule =
  /** The first runner goes on until so many steps were made in all, then the next, and so on; who has ended is passed over. */
  | { readonly kind: 'switches'; readonly at: readonly number[]; readonly first?: number }
  /**
   * Drawn again at each step by this seed, any integer. `switches`: at most so many changes of turn. `fair`: virtual time passes only while
   * every runner sleeps, so that none wakes late; default false.
   */
  | {
      readonly kind: 'random'
      readonly seed: number
      readonly switches?: number
      readonly fair?: boolean
    }
  /** `runner` stops before its step number `after` + 1, while the others go on to their ends; then it wakes `late`, or `never`. */
  | {
      readonly kind: 'paused'
      readonly runner: number
      readonly after: number
      readonly wakes: 'late' | 'never'
    }

/** Every schedule of two runners with at most `switches` changes of turn, where no run has more than `steps` steps. */
export function* schedules(options: {
  readonly steps: number
  readonly switches: number
}): Generator<Schedule> {
  const { steps, switches } = options
  for (const first of [0, 1]) for (const at of rising(steps, switches)) yield { kind: 'switches', at, first }
}

/** Rising sequences of at most `most` numbers below `end`, the empty one included. */
function* rising(end: number, most: number, begin = 1): Generator<readonly number[]> {
  yield []
  if (most === 0) return
  for (let head = begin; head < end; head += 1)
    for (const tail of rising(end, most - 1, head + 1)) yield [head, ...tail]
}
