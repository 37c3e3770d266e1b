/** What the server does, and what a load that measures exactly must find. */
export interface Scenario {
  readonly name: 'known delays' | 'a stall of two seconds'
  readonly path: string
  /** Requests per second. */
  readonly rate: number
  readonly seconds: number
  readonly truth: { readonly p50Ms: number; readonly p95Ms: number; readonly p99Ms: number }
}

/** Of every 100 requests: 90 take 100 ms, 6 take 300 ms, 4 take 600 ms. */
export function delayOf(index: number): number {
  // 37 and 100 have no common factor: the slow ones are spread.
  const place = (index * 37) % 100
  if (place < 90) return 100
  return place < 96 ? 300 : 600
}

export const usualMs = 100
export const stall = { fromMs: 10_000, ms: 2000 }

const [rate, seconds] = [100, 20]
/** Every tenth request is due in the stall, and waits for what is left of it. */
const stalledShare = stall.ms / (seconds * 1000)
/** Of the request that a share of all waits longer than. */
const waitOf = (share: number) => Math.round(stall.ms * (1 - share / stalledShare))

export const scenarios: readonly Scenario[] = [
  {
    ...{ name: 'known delays', path: '/known', rate, seconds },
    truth: { p50Ms: 100, p95Ms: 300, p99Ms: 600 },
  },
  {
    ...{ name: 'a stall of two seconds', path: '/stall', rate, seconds },
    truth: { p50Ms: usualMs, p95Ms: waitOf(0.05), p99Ms: waitOf(0.01) },
  },
]
