import { no, yes, type CheckFinding } from '../check.ts'
import type { Measured, TrafficSeen } from './measure-traffic.ts'

export interface TrafficLimits {
  /** 0 to 1. */
  readonly maxErrorRate: number
  /** ms; null: no limit. */
  readonly maxP95Ms: number | null
  /** 0 to 1: how much slower than before is allowed. */
  readonly maxSlowdown: number
}

/** Fewer say nothing about a share or a percentile. */
const fewest = 100
/** Differences below it are noise of buckets and scheduling. */
const noiseMs = 5

/**
 * Errors against the limit, latency against the limit and against the release before and the same hours a week ago. A service is slower only
 * where it is slower than both: one alone may be the time of day, or a change that came before the release.
 */
export function judgeTraffic(name: string, seen: TrafficSeen, limits: TrafficLimits): CheckFinding {
  const { now, releaseBefore, weekBefore } = seen
  const before = [
    { what: 'the release before', measured: releaseBefore },
    { what: 'the week before', measured: weekBefore },
  ]
  const known = before.filter(
    (one): one is Reference => one.measured !== null && one.measured.requests >= fewest,
  )
  const unknown = before.filter(({ measured }) => (measured?.requests ?? 0) < fewest)
  const notChecked = unknown.map(
    ({ what }) => `${name} against ${what}: fewer than ${fewest} requests are known of it`,
  )
  if (now.requests < fewest) {
    const because = `${now.requests} requests, expected at least ${fewest} to judge`
    return { ...yes(`not judged: ${because}`), notChecked: [`traffic of ${name}: ${because}`] }
  }
  const problems = [...tooManyErrors(now, limits), ...tooSlow(now, known, limits)]
  const more = notChecked.length === 0 ? {} : { notChecked }
  if (problems.length > 0) return { ...no(problems.join('; ')), ...more }
  const said = known.map(({ what, measured }) => `${what}: ${describe(measured)}`)
  return { ...yes([describe(now), ...said].join('; ')), ...more }
}

interface Reference {
  readonly what: string
  readonly measured: Measured
}

function tooManyErrors(now: Measured, { maxErrorRate }: TrafficLimits): readonly string[] {
  const rate = now.errors / now.requests
  if (rate <= maxErrorRate) return []
  return [
    `${now.errors} of ${now.requests} requests failed (${percent(rate)}), allowed: ${percent(maxErrorRate)}`,
  ]
}

function tooSlow(
  { p95Ms }: Measured,
  known: readonly Reference[],
  { maxP95Ms, maxSlowdown }: TrafficLimits,
): readonly string[] {
  if (p95Ms === null) return []
  const overLimit =
    maxP95Ms !== null && p95Ms > maxP95Ms ? [`the p95 is ${p95Ms} ms, allowed: ${maxP95Ms} ms`] : []
  const timed = known.flatMap(({ what, measured }) =>
    measured.p95Ms === null ? [] : [{ what, p95Ms: measured.p95Ms }],
  )
  const slower = timed.filter((one) => p95Ms > one.p95Ms * (1 + maxSlowdown) + noiseMs)
  if (timed.length === 0 || slower.length < timed.length) return overLimit
  const than = slower.map((one) => `${one.p95Ms} ms of ${one.what}`).join(' and ')
  return [...overLimit, `the p95 is ${p95Ms} ms, more than ${percent(maxSlowdown)} above ${than}`]
}

function describe({ requests, errors, p95Ms }: Measured): string {
  const latency = p95Ms === null ? '' : `, p95 ${p95Ms} ms`
  return `${requests} requests, ${percent(errors / requests)} errors${latency}`
}

const percent = (share: number): string => `${Number((share * 100).toFixed(3))}%`
