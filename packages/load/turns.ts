/** One kind of request of the load. */
export interface LoadTarget<R> {
  readonly name: string
  readonly request: R
  /** Share of the load, relative to the other targets; above 0. */
  readonly weight: number
}

/** Weighted round robin: the target whose share is most overdue comes next, so that every run sends the same sequence. */
export function inTurns<R>(targets: readonly LoadTarget<R>[]): () => LoadTarget<R> {
  const all = targets.reduce((sum, target) => sum + target.weight, 0)
  const credits = targets.map((target) => ({ target, credit: 0 }))
  return () => {
    for (const one of credits) one.credit += one.target.weight
    const best = credits.reduce((a, b) => (b.credit > a.credit ? b : a))
    best.credit -= all
    return best.target
  }
}
