import type { Counts } from '../input/block.ts'
import type { LatencyState } from '../latency/latency-state.ts'
import type { Names, Settings } from '../input/settings.ts'

const usual: Names = { canary: 'canary', stable: 'stable', when: 'at the same time' }

type Asked = Pick<Settings, 'risk' | 'latencyMargin' | 'names'>

interface Both {
  readonly canary: Counts
  readonly stable: Counts
}

/** The sentence of a rollback: both rates at the same time, and how rarely an equal version would look like that. */
export function errorSentence(recent: Both, { risk, names = usual }: Asked): string {
  return `${names.canary} fails ${both(recent, names)} ${names.when}; ${rarely(risk)}`
}

/** The sentence of a rollback for latency: at the bound where the two differ most. */
export function latencySentence({ recent, reference }: LatencyState, { risk, names = usual }: Asked): string {
  const bounds = reference?.bounds ?? []
  const shares = bounds.map((bound, j) => ({
    bound,
    canary: shareAbove(recent.canary, j),
    stable: shareAbove(recent.stable, j),
  }))
  const widest = shares.reduce(
    (best, each) => (each.canary - each.stable > best.canary - best.stable ? each : best),
    shares[0] ?? { bound: 0, canary: 0, stable: 0 },
  )
  return (
    `${figure(widest.canary)} of ${owned(names.canary)} answers take longer than ${duration(widest.bound)}, ` +
    `${figure(widest.stable)} of ${owned(names.stable)} ${names.when}; ${rarely(risk)}`
  )
}

/** Where it stands, without a judgement. */
export function traceSentence({ canary, stable }: Both, { names = usual }: Asked): string {
  if (canary.requests === 0) return `no ${names.canary} request has been measured yet`
  if (stable.requests === 0) return `no ${names.stable} request has been measured ${names.when} yet`
  return `${names.canary} fails ${both({ canary, stable }, names)}`
}

export function trafficSentence(got: number, expected: number, { names = usual }: Asked): string {
  return `${names.canary} finished ${got} requests, expected about ${Math.round(expected)} by its weight: it hangs or cannot be reached`
}

/** Of a proof: what is known, and what about latency is not. */
export function readySentence(
  { latency, canary, stable, settings }: Both & { readonly latency: LatencyState; readonly settings: Asked },
  { bound }: { readonly bound: number },
): string {
  const { latencyMargin, names = usual } = settings
  const aboutLatency = latencyMargin === null ? 'its latency is not judged' : latencyWords(latency)
  return `${names.canary} fails ${both({ canary, stable }, names)}, at most ${points(bound)} more than ${names.stable}; ${aboutLatency}`
}

/** Of a deadline without a proof: what can still be wrong, and what is not proven. */
export function undecidedSentence(
  { canary, stable, shown, latency, settings }: Both & Proofs,
  { bound }: { readonly bound: number },
): string {
  const { names = usual } = settings
  const trace = traceSentence({ canary, stable }, settings)
  return `${trace}: too little to tell; it may fail up to ${points(bound)} more than ${names.stable}${missing({ shown, latency, settings })}`
}

interface Proofs {
  /** Which proofs are complete: the errors', then each latency bound's. */
  readonly shown: readonly boolean[]
  readonly latency: LatencyState
  readonly settings: Asked
}

/** On the way to a proof: where it stands, and what is not proven yet. */
export function wayWords({ canary, stable, shown, latency, settings }: Both & Proofs): string {
  const trace = traceSentence({ canary, stable }, settings)
  const isKnown = canary.requests > 0 && stable.requests > 0
  return isKnown ? `${trace}${missing({ shown, latency, settings })}` : trace
}

function missing({ shown, latency, settings: { names = usual } }: Proofs): string {
  const [errors = false, ...latencies] = shown
  const slow = latencies.flatMap((known, i) => (known ? [] : [latency.proven[i] ?? 0]))
  // The bound where the two differ most is the one that is waited for longest.
  const widest = [...slow].sort((a, b) => excess(latency, b) - excess(latency, a))[0]
  const parts = [
    ...(errors ? [] : ['errors']),
    ...(widest === undefined ? [] : [`latency${slowWords(latency, widest, names)}`]),
  ]
  return parts.length === 0 ? '' : `; not proven yet: ${parts.join(' and ')}`
}

const excess = ({ recent }: LatencyState, j: number): number =>
  shareAbove(recent.canary, j) - shareAbove(recent.stable, j)

function slowWords({ recent, reference }: LatencyState, j: number, names: Names): string {
  const [canary, stable] = [shareAbove(recent.canary, j), shareAbove(recent.stable, j)]
  // Nothing is counted while the canary warms up, and again whenever the evidence stands at nothing.
  if (canary === 0 && stable === 0) return ''
  const bound = reference?.bounds[j] ?? 0
  return ` (longer than ${duration(bound)} take ${figure(canary)} of ${owned(names.canary)} answers, ${figure(stable)} of ${owned(names.stable)})`
}

function latencyWords({ kind, margin }: LatencyState): string {
  if (kind === 'judged') return `it answers as fast, within ${margin} times`
  if (kind === 'coarse') return 'its latency was not judged: the buckets are wider than the tolerance'
  return 'its latency was not judged: there is no histogram'
}

const rarely = (risk: number): string =>
  `this or worse would occur in fewer than ${oddsOf(risk)} rollouts of an equal version`

/** `the canary's`; what has a name of its own goes without the article. */
const owned = (name: string): string => (name === 'canary' ? "the canary's" : `${name}'s`)

const both = ({ canary, stable }: Both, names: Names): string =>
  `${percent(canary)} of requests (${canary.errors} of ${canary.requests}), ${names.stable} ${percent(stable)} (${stable.errors} of ${stable.requests})`

const percent = ({ requests, errors }: Counts): string => figure(requests === 0 ? 0 : errors / requests)

/** A rate as a person writes it: `0 %`, `0.04 %`, `2.3 %`, `20 %`. */
export function figure(rate: number): string {
  const value = 100 * rate
  if (value === 0) return '0 %'
  return `${value >= 10 ? value.toFixed(1).replace(/\.0$/, '') : value.toPrecision(2).replace(/\.0$/, '')} %`
}

const points = (bound: number): string => `${Number((100 * bound).toPrecision(2))} percentage points`

export function shareAbove(counts: readonly number[], j: number): number {
  const total = counts.reduce((sum, count) => sum + count, 0)
  const above = counts.slice(j + 1).reduce((sum, count) => sum + count, 0)
  return total === 0 ? 0 : above / total
}

/** Bounds are in seconds. */
export const duration = (seconds: number): string =>
  seconds < 1 ? `${Number((1000 * seconds).toPrecision(3))} ms` : `${seconds} s`

function oddsOf(risk: number): string {
  const of = 1 / risk
  return `1 of ${of >= 10 ? Math.round(of) : Number(of.toFixed(1))}`
}
