import type { LoadResult } from './tally.ts'
import type { ThresholdResult } from './thresholds.ts'

/** What an earlier load of the same rate has measured. */
export interface Baseline {
  /** Requests per second. */
  readonly rate: number
  readonly p95Ms: number
  readonly p99Ms: number
  readonly targets: readonly { readonly name: string; readonly count: number; readonly p95Ms: number }[]
}

/** Below it a difference is noise of the network and of the runner. */
const noiseMs = 5
/** A 95th percentile of fewer requests is a matter of luck. */
const leastCount = 100

/** The result beside that of an earlier load. `maxSlowdown`: 0.2 allows 20 % more latency, and 5 ms in any case. */
export function judgeAgainst(
  load: LoadResult,
  baseline: Baseline,
  { maxSlowdown }: { readonly maxSlowdown: number },
): readonly ThresholdResult[] {
  const limitOf = (beforeMs: number) => Math.max(beforeMs * (1 + maxSlowdown), beforeMs + noiseMs)
  const overall = (['p95', 'p99'] as const).map((name): ThresholdResult => {
    const [isMs, wasMs] = [load[`${name}Ms`], baseline[`${name}Ms`]]
    const because = `${name} is ${isMs} ms, ${wasMs} ms in the baseline, allowed: ${rounded(limitOf(wasMs))} ms`
    return { name: `${name} beside the baseline`, ok: isMs <= limitOf(wasMs), because }
  })
  return [...overall, ...routes(load, baseline, limitOf)]
}

/** A route that became slow may be too small a part of the load to be seen in the whole. */
function routes(
  { targets }: LoadResult,
  baseline: Baseline,
  limitOf: (beforeMs: number) => number,
): readonly ThresholdResult[] {
  const pairs = targets.flatMap((target) => {
    const before = baseline.targets.find(({ name }) => name === target.name)
    const isEnough = before !== undefined && Math.min(before.count, target.count) >= leastCount
    return isEnough ? [{ target, before }] : []
  })
  if (pairs.length === 0) return []
  const slower = pairs.filter(({ target, before }) => target.p95Ms > limitOf(before.p95Ms))
  const named = slower.map(
    ({ target, before }) => `${target.name} has a p95 of ${target.p95Ms} ms, ${before.p95Ms} ms before`,
  )
  const because =
    slower.length === 0 ? `none of ${pairs.length} routes is slower than allowed` : named.join(', ')
  return [{ name: 'routes beside the baseline', ok: slower.length === 0, because }]
}

function rounded(ms: number): number {
  return Math.round(ms * 10) / 10
}
