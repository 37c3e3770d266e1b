// Where series come from: Prometheus' API, or one metrics endpoint that is scraped directly; both are foreign text.
import { Failure } from '@alt-las/failure'
import { retry, type Clock } from '@alt-las/time'
import { parseAnswer } from './answer.ts'
import type { Series } from '../series/series.ts'

/** Queries in PromQL: an instant vector gives one sample a series, a range selector `metric[1m]` the raw scrapes. */
export interface Prometheus {
  /** `at` = the moment of evaluation in ms since 1970 by the source's clock; its present when left out. */
  query(promql: string, at?: number): Promise<readonly Series[]>
  /** Start of the source, ms since 1970 by its clock; null = not reported. */
  startedAt(): Promise<number | null>
}

/** One HTTP GET; `path` begins with `/`. Throws a Failure for any status but 2xx. */
export type Fetch = (path: string) => Promise<string>

/**
 * Prometheus' HTTP API over `fetch`. Failures: `metrics-unreachable` (after three tries), `metrics-refused` (the query or its
 * credentials are wrong, never tried again), `metrics-unreadable` (the answer is not Prometheus').
 */
export function prometheus(get: Fetch, clock: Clock): Prometheus {
  return {
    query: async (promql, at) => {
      const time = at === undefined ? '' : `&time=${(at / 1000).toFixed(3)}`
      const path = `/api/v1/query?query=${encodeURIComponent(promql)}${time}`
      const classify = (error: unknown) => ({
        isTransient:
          !(error instanceof Failure) || !['metrics-refused', 'forbidden', 'not-found'].includes(error.code),
      })
      const text = await retry(() => get(path), { what: 'query Prometheus', attempts: 3, classify }, clock)
      return parseAnswer(text)
    },
    startedAt: async () => {
      try {
        return parseStart(await get('/api/v1/status/runtimeinfo'))
      } catch {
        // Thanos, Mimir and similar lack it, and some block it. It only shortens a wait.
        return null
      }
    },
  }
}

function parseStart(text: string): number | null {
  const answer = JSON.parse(text) as { readonly data?: { readonly startTime?: unknown } } | null
  const start = answer?.data?.startTime
  const at = typeof start === 'string' ? Date.parse(start) : NaN
  return Number.isNaN(at) ? null : at
}
