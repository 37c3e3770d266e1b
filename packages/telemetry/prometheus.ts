import { Failure } from '@alt-las/failure'
import { retry, type Clock } from '@alt-las/time'

/** A series with its samples in order of time. `at` is the scrape's own time in ms since 1970, by Prometheus' clock. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>
  readonly samples: readonly { readonly at: number; readonly value: number }[]
}

/** Queries in PromQL: an instant vector gives one sample a series, a range selector `metric[1m]` the raw scrapes. */
export interface Prometheus {
  query(promql: string): Promise<readonly Series[]>
}

/** One HTTP GET; `path` begins with `/`. Throws a Failure for what is not 2xx. */
export type Fetch = (path: string) => Promise<string>

/**
 * Prometheus' HTTP API over `fetch`. Failures: `metrics-unreachable` (after three tries), `metrics-refused` (the query or its
 * credentials are wrong, never tried again), `metrics-unreadable` (the answer is not Prometheus').
 */
export function prometheus(get: Fetch, clock: Clock): Prometheus {
  return {
    query: async (promql) => {
      const path = `/api/v1/query?query=${encodeURIComponent(promql)}`
      const classify = (error: unknown) => ({
        heals:
          !(error instanceof Failure) || !['metrics-refused', 'forbidden', 'not-found'].includes(error.code),
      })
      const text = await retry(() => get(path), { what: 'query Prometheus', attempts: 3, classify }, clock)
      return parseAnswer(text)
    },
  }
}

/** Strict: what is not a vector or matrix of numbers throws; NaN stays NaN, for the reader to name. */
export function parseAnswer(text: string): readonly Series[] {
  const answer = parseJson(text)
  if (!isRecord(answer)) throw unreadable('the answer is not an object')
  if (answer['status'] !== 'success') {
    throw new Failure(
      'metrics-refused',
      `Prometheus refused the query: ${String(answer['error'] ?? 'no reason given')}`,
      {
        fault: 'input',
      },
    )
  }
  const data = isRecord(answer['data']) ? answer['data'] : {}
  const type = data['resultType']
  if (type !== 'vector' && type !== 'matrix') {
    throw unreadable(`the result is a ${String(type)}, expected a vector or a matrix`)
  }
  if (!Array.isArray(data['result'])) throw unreadable('the result is not a list')
  return data['result'].map((one: unknown) => parseSeries(one, type))
}

function parseSeries(one: unknown, type: 'vector' | 'matrix'): Series {
  if (!isRecord(one) || !isRecord(one['metric'])) throw unreadable('a series has no labels')
  const points: unknown = type === 'vector' ? [one['value']] : one['values']
  // A native histogram has `histogram(s)` in place of values.
  if (!Array.isArray(points) || points.some((point) => point === undefined)) {
    throw unreadable(`the series ${String(one['metric']['__name__'])} holds no plain numbers`)
  }
  const labels = Object.fromEntries(
    Object.entries(one['metric']).map(([name, value]) => [name, String(value)]),
  )
  return { labels, samples: points.map(parsePoint) }
}

function parsePoint(point: unknown): { at: number; value: number } {
  if (!Array.isArray(point) || typeof point[0] !== 'number' || typeof point[1] !== 'string') {
    throw unreadable(`a sample is ${JSON.stringify(point)}, expected [time, "value"]`)
  }
  const value = { '+Inf': Infinity, '-Inf': -Infinity, NaN }[point[1]] ?? Number(point[1])
  if (point[1] === '' || (Number.isNaN(value) && point[1] !== 'NaN')) {
    throw unreadable(`a sample's value is ${JSON.stringify(point[1])}, expected a number`)
  }
  return { at: Math.round(point[0] * 1000), value }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw unreadable(`the answer begins with ${JSON.stringify(text.slice(0, 60))}, expected JSON`, cause)
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const unreadable = (what: string, cause?: unknown) =>
  new Failure('metrics-unreadable', `this is not Prometheus' HTTP API: ${what}`, {
    fault: 'input',
    cause,
    hint: 'metrics-url is the address that `/api/v1/query` follows',
  })
