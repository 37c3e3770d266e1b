/** One load at one rate. `not-sent`: this runner could not send it, so it says nothing about the system. */
export interface Trial {
  /** Requests per second. */
  readonly rate: number
  readonly outcome: 'held' | 'exceeded' | 'not-sent'
}

export interface SearchBounds {
  readonly startRate: number
  /** Never exceeded. */
  readonly mostRate: number
}

export type Step =
  | { readonly kind: 'try'; readonly rate: number }
  /** `rate` is the highest one that held; null where not even the lowest did. `end`: what stands above it. */
  | { readonly kind: 'found'; readonly rate: number | null; readonly end: 'system' | 'bound' | 'runner' }

const mostTrials = 12
/** The answer lies within 5 % below the true one: more trials would measure noise. */
const precision = 1.05
/** Of the start: a system that does not bear it is not searched any further. */
const leastShare = 1 / 32

/** Doubles the rate until it is too much (halves it, where the first was), then halves the distance. Always ends. */
export function nextStep(trials: readonly Trial[], { startRate, mostRate }: SearchBounds): Step {
  const first = Math.min(startRate, mostRate)
  const held = Math.max(0, ...trials.filter(({ outcome }) => outcome === 'held').map(({ rate }) => rate))
  const above = trials.filter(({ outcome, rate }) => outcome !== 'held' && rate > held)
  const lowest = above.reduce<Trial | null>(
    (least, one) => (least === null || one.rate < least.rate ? one : least),
    null,
  )
  const found = (end: 'system' | 'bound' | 'runner'): Step => ({
    ...{ kind: 'found', rate: held === 0 ? null : held, end },
  })
  const end = lowest?.outcome === 'not-sent' ? 'runner' : 'system'
  if (trials.length === 0) return { kind: 'try', rate: first }
  if (held >= mostRate) return found('bound')
  if (trials.length >= mostTrials) return found(lowest === null ? 'bound' : end)
  if (lowest === null) return { kind: 'try', rate: Math.min(2 * held, mostRate) }
  if (held === 0)
    return lowest.rate / 2 < first * leastShare ? found(end) : { kind: 'try', rate: rounded(lowest.rate / 2) }
  return lowest.rate <= held * precision
    ? found(end)
    : { kind: 'try', rate: rounded(Math.sqrt(held * lowest.rate)) }
}

function rounded(rate: number): number {
  return Math.round(rate * 100) / 100
}
