// A Prometheus in memory, and a meter in front of it.
/** A Prometheus with one target, unless a series says otherwise: counters that a test raises, and scrapes that happen when it says so. */
export interface FakePrometheus {
  /** The HTTP API's GET, as `prometheus` of packages/telemetry wants it. */
  fetch(path: string): Promise<string>
  /** Adds to a counter, named with its labels: `requests_total{service="a",code="200"}`. */
  add(series: string, by?: number): void
  /** Sets a value as it would be scraped, e.g. a counter after a restart. */
  set(series: string, value: number): void
  /** A native histogram as it would be scraped: `[lower, upper, count]` per bucket. */
  setHistogram(series: string, buckets: readonly (readonly [number, number, number])[]): void
  /** It is exposed no longer. */
  remove(series: string): void
  /** Stores the present values with the present time; without it nothing is seen. Of one instance, or of all. */
  scrape(instance?: string): void
  /** Since when it runs, as it says itself, ms since 1970; null = it does not say, which is so at first. */
  startedAt: number | null
  /** The next answers fail so, or are this text, in order. */
  answerNext(answer: Error | string): void
  readonly queries: readonly string[]
}

type Value = number | readonly (readonly [number, number, number])[]

interface Sample {
  readonly at: number
  readonly value: Value
}

const targetLabels = { job: 'gateway', instance: '10.0.0.1:9100' }

/** `now` in ms; selectors understand the four operators and one range in seconds. */
export function fakePrometheus(now: () => number): FakePrometheus {
  const values = new Map<string, Value>()
  const stored = new Map<string, Sample[]>()
  const answers: (Error | string)[] = []
  const queries: string[] = []
  const fake: FakePrometheus = {
    queries,
    startedAt: null,
    add: (series, by = 1) => {
      const before = values.get(series) ?? 0
      values.set(series, typeof before === 'number' ? before + by : by)
    },
    set: (series, value) => void values.set(series, value),
    setHistogram: (series, buckets) => void values.set(series, buckets),
    remove: (series) => void values.delete(series),
    scrape: (instance) => {
      for (const [series, value] of values) {
        if (instance !== undefined && labelsOf(series)['instance'] !== instance) continue
        stored.set(series, [...(stored.get(series) ?? []), { at: now(), value }])
      }
    },
    answerNext: (answer) => void answers.push(answer),
    fetch: async (path) => {
      const url = new URL(path, 'http://prometheus')
      if (url.pathname === '/api/v1/status/runtimeinfo') return Promise.resolve(runtimeOf(fake))
      const query = url.searchParams.get('query') ?? ''
      const time = url.searchParams.get('time')
      queries.push(query)
      const planned = answers.shift()
      if (planned instanceof Error) throw planned
      const at = time === null ? now() : Math.round(Number(time) * 1000)
      return Promise.resolve(planned ?? JSON.stringify(answer(query, stored, at)))
    },
  }
  return fake
}

function runtimeOf({ startedAt }: FakePrometheus): string {
  if (startedAt === null) throw new Error('404 page not found')
  return JSON.stringify({ status: 'success', data: { startTime: new Date(startedAt).toISOString() } })
}

function answer(query: string, stored: ReadonlyMap<string, readonly Sample[]>, now: number): unknown {
  if (query === 'vector(1)') {
    return success('vector', [{ metric: {}, value: [now / 1000, '1'] }])
  }
  const [, metric = '', selector = '', range = '0'] = /^(\w+)(?:\{(.*)\})?\[(\d+)s\]$/.exec(query) ?? []
  const begin = now - Number(range) * 1000
  const result = [...stored].flatMap(([series, samples]) => {
    const labels = labelsOf(series)
    const seen = samples.filter(({ at }) => at >= begin && at <= now)
    if (labels['__name__'] !== metric || !fits(labels, selector) || seen.length === 0) return []
    return [{ metric: labels, ...pointsOf(seen) }]
  })
  return success('matrix', result)
}

function pointsOf(samples: readonly Sample[]) {
  const values = samples.flatMap(({ at, value }) =>
    typeof value === 'number' ? [[at / 1000, text(value)]] : [],
  )
  const histograms = samples.flatMap(({ at, value }) =>
    typeof value === 'number' ? [] : [[at / 1000, histogram(value)]],
  )
  return { ...(values.length > 0 ? { values } : {}), ...(histograms.length > 0 ? { histograms } : {}) }
}

const histogram = (buckets: readonly (readonly [number, number, number])[]) => ({
  count: text(buckets.reduce((sum, [, , count]) => sum + count, 0)),
  sum: '0',
  buckets: buckets.map(([lower, upper, count]) => [0, text(lower), text(upper), text(count)]),
})

const success = (resultType: string, result: unknown) => ({ status: 'success', data: { resultType, result } })

const text = (value: number): string =>
  value === Infinity ? '+Inf' : value === -Infinity ? '-Inf' : String(value)

function labelsOf(series: string): Readonly<Record<string, string>> {
  const [, name = '', inner = ''] = /^(\w+)(?:\{(.*)\})?$/.exec(series) ?? []
  const labels = [...inner.matchAll(/(\w+)="([^"]*)"/g)].map(
    ([, key = '', value = '']) => [key, value] as const,
  )
  return { ...targetLabels, ...Object.fromEntries(labels), __name__: name }
}

function fits(labels: Readonly<Record<string, string>>, selector: string): boolean {
  return [...selector.matchAll(/(\w+)(=~|!~|!=|=)"((?:[^"\\]|\\.)*)"/g)].every(
    ([, key = '', operator = '', quoted = '']) => {
      const value = quoted.replace(/\\(.)/g, '$1')
      const own = labels[key] ?? ''
      const like = operator.endsWith('~') ? new RegExp(`^(?:${value})$`).test(own) : own === value
      return operator.startsWith('!') ? !like : like
    },
  )
}
