import type { Counts } from '../input/block.ts'
import { value } from '../evidence/mixture.ts'
import { figure, duration, shareAbove } from '../verdict/words.ts'
import { usualRate, type Watch } from './watch.ts'

/** Chance that a version which behaves as it always did is suspected once within the window. */
const suspicionRisk = 0.05

/** The window does not end on that. */
const uneasyAt = 2

export interface Suspicion {
  /** `calm`: nothing to be seen. `uneasy`: more than chance usually shows; the window does not end on it. `suspected`: to be compared. */
  readonly kind: 'calm' | 'uneasy' | 'suspected'
  readonly evidence: number
  readonly because: string
}

/**
 * What the watch says: the mean of its e-values, which is one itself, so that P(ever suspected) <= 5 % for a version as it always was. It knows the past only and
 * cannot tell a fault from what both versions would suffer: nothing is rolled back on it alone.
 * Source: Ville 1939; Shin, Ramdas and Rinaldo 2023.
 */
export function suspicionOf(watched: Watch): Suspicion {
  const parts = partsOf(watched)
  const evidence = parts.reduce((sum, { value: part }) => sum + part, 0) / parts.length
  const kind = evidence >= 1 / suspicionRisk ? 'suspected' : evidence >= uneasyAt ? 'uneasy' : 'calm'
  const main = parts.reduce((most, part) => (part.value > most.value ? part : most))
  return { kind, evidence, because: kind === 'calm' ? traceOf(watched, watched.total) : main.because() }
}

function partsOf(watched: Watch): readonly { readonly value: number; readonly because: () => string }[] {
  const { errors, latency, traffic } = watched
  return [
    { value: value(errors), because: () => traceOf(watched, watched.recent.errors) },
    ...(latency === null
      ? []
      : [{ value: value(latency.mixture), because: () => latencyWords(watched, latency) }]),
    ...(traffic === null ? [] : [{ value: value(traffic), because: () => trafficWords(watched) }]),
  ]
}

function traceOf(watched: Watch, { requests, errors }: Counts): string {
  if (requests === 0) return 'it had no request yet'
  return `it fails ${figure(errors / requests)} of requests (${errors} of ${requests}), ${figure(usualRate(watched))} are usual`
}

function latencyWords({ recent }: Watch, { reference }: NonNullable<Watch['latency']>): string {
  const { bounds, history } = reference
  const excess = (j: number) => shareAbove(recent.slow, j) - shareAbove(history, j)
  const widest = bounds.reduce((best, _, j) => (excess(j) > excess(best) ? j : best), 0)
  return (
    `${figure(shareAbove(recent.slow, widest))} of its answers take longer than ${duration(bounds[widest] ?? 0)}, ` +
    `${figure(shareAbove(history, widest))} are usual`
  )
}

const trafficWords = ({ recent: { traffic } }: Watch): string =>
  `it finished ${traffic.got} requests, about ${Math.round(traffic.expected)} are usual`
