import type { LoadResult } from './tally.ts'

export interface Thresholds {
  /** 0..1 */
  readonly maxErrorRate: number
  /** Milliseconds; null = no limit. */
  readonly maxP95Ms: number | null
  readonly maxP99Ms: number | null
}

/** One threshold beside the measured value. */
export interface ThresholdResult {
  readonly name: string
  readonly ok: boolean
  readonly because: string
}

/** The result of a load beside each threshold that was set. */
export function judgeLoad(load: LoadResult, thresholds: Thresholds): readonly ThresholdResult[] {
  const limits = [
    { name: 'p95', valueMs: load.p95Ms, limitMs: thresholds.maxP95Ms },
    { name: 'p99', valueMs: load.p99Ms, limitMs: thresholds.maxP99Ms },
  ] as const
  return [
    errorRate(load, thresholds.maxErrorRate),
    ...limits.flatMap(({ name, valueMs, limitMs }) =>
      limitMs === null ? [] : [latency(load, { name, valueMs, limitMs })],
    ),
  ]
}

/** `0.05%` for 0.0005. */
export function percentage(share: number): string {
  return `${Number((share * 100).toFixed(3))}%`
}

function errorRate(load: LoadResult, limit: number): ThresholdResult {
  const kinds = Object.entries(load.errorKinds).map(([kind, count]) => `${count} × ${kind}`)
  const failed = `${load.errors} of ${load.count} requests failed (${percentage(load.errorRate)})`
  const detail = kinds.length === 0 ? '' : `: ${kinds.join(', ')}`
  const because = `${failed} at ${load.rate} per second, allowed: ${percentage(limit)}${detail}`
  return { name: 'error rate', ok: load.errorRate <= limit, because }
}

function latency(
  load: LoadResult,
  limit: { readonly name: 'p95' | 'p99'; readonly valueMs: number; readonly limitMs: number },
): ThresholdResult {
  const { name, valueMs, limitMs } = limit
  const measured = `${name} is ${valueMs} ms at ${load.rate} per second, allowed: ${limitMs} ms`
  if (valueMs <= limitMs) return { name, ok: true, because: measured }
  const slowest = load.targets.reduce((a, b) => (b.p95Ms > a.p95Ms ? b : a))
  const late =
    load.senderLagP99Ms > valueMs / 2 ? `; this runner itself sent up to ${load.senderLagP99Ms} ms late` : ''
  return {
    name,
    ok: false,
    because: `${measured}; slowest is ${slowest.name} with a p95 of ${slowest.p95Ms} ms${late}`,
  }
}
