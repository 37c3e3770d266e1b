import { no, yes, type Finding } from '../check.ts'
import type { LoadResult } from './load.ts'

export interface Thresholds {
  /** 0..1 */
  readonly maxErrorRate: number
  /** Milliseconds; null = no limit. */
  readonly maxP95: number | null
  readonly maxP99: number | null
}

/** What a load result says to each threshold that was set. */
export function judgeLoad(
  load: LoadResult,
  thresholds: Thresholds,
): readonly { readonly name: string; readonly finding: Finding }[] {
  const limits = [
    { name: 'p95', value: load.p95, limit: thresholds.maxP95 },
    { name: 'p99', value: load.p99, limit: thresholds.maxP99 },
  ]
  return [
    { name: 'error rate', finding: errorRate(load, thresholds.maxErrorRate) },
    ...limits.flatMap(({ name, value, limit }) =>
      limit === null ? [] : [{ name, finding: latency(load, { name, value, limit }) }],
    ),
  ]
}

export function percentage(share: number): string {
  return `${String(Number((share * 100).toFixed(3)))}%`
}

function errorRate(load: LoadResult, limit: number): Finding {
  const kinds = Object.entries(load.errorKinds).map(([kind, count]) => `${String(count)} × ${kind}`)
  const of = `${String(load.errors)} of ${String(load.count)} requests failed (${percentage(load.errorRate)})`
  const detail = kinds.length === 0 ? '' : `: ${kinds.join(', ')}`
  const said = `${of} at ${String(load.rate)} per second, allowed are ${percentage(limit)}${detail}`
  return load.errorRate > limit ? no(said) : yes(said)
}

function latency(
  load: LoadResult,
  { name, value, limit }: { readonly name: string; readonly value: number; readonly limit: number },
): Finding {
  const said = `${name} is ${String(value)} ms at ${String(load.rate)} per second, allowed are ${String(limit)} ms`
  if (value <= limit) return yes(said)
  const slowest = load.targets.reduce((a, b) => (b.p95 > a.p95 ? b : a))
  const late =
    load.senderLagP99 > value / 2
      ? `; this runner itself sent up to ${String(load.senderLagP99)} ms late`
      : ''
  return no(`${said}; slowest is ${slowest.name} with a p95 of ${String(slowest.p95)} ms${late}`)
}
