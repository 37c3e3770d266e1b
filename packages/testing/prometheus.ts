/** A Prometheus with one target: counters that a test raises, and scrapes that happen when it says so. */
export interface FakePrometheus {
  /** The HTTP API's GET, as `prometheus` of packages/telemetry wants it. */
  fetch(path: string): Promise<string>
  /** Adds to a counter, named with its labels: `requests_total{service="a",code="200"}`. */
  add(series: string, by?: number): void
  /** Sets a value as it would be scraped, e.g. a counter after a restart. */
  set(series: string, value: number): void
  /** Stores the present values with the present time; without it nothing is seen. */
  scrape(): void
  /** The next answers fail so, or are this text, in order. */
  answerNext(answer: Error | string): void
  readonly queries: readonly string[]
}

interface Sample {
  readonly at: number
  readonly value: number
}

const targetLabels = { job: 'gateway', instance: '10.0.0.1:9100' }

/** `now` in ms; selectors understand `=`, `=~` and one range in seconds. */
export function fakePrometheus(now: () => number): FakePrometheus {
  const values = new Map<string, number>()
  const stored = new Map<string, Sample[]>()
  const answers: (Error | string)[] = []
  const queries: string[] = []
  return {
    queries,
    add: (series, by = 1) => void values.set(series, (values.get(series) ?? 0) + by),
    set: (series, value) => void values.set(series, value),
    scrape: () => {
      for (const [series, value] of values) {
        stored.set(series, [...(stored.get(series) ?? []), { at: now(), value }])
      }
    },
    answerNext: (answer) => void answers.push(answer),
    fetch: async (path) => {
      const query = new URL(path, 'http://prometheus').searchParams.get('query') ?? ''
      queries.push(query)
      const planned = answers.shift()
      if (planned instanceof Error) throw planned
      return Promise.resolve(planned ?? JSON.stringify(answer(query, stored, now())))
    },
  }
}

function answer(query: string, stored: ReadonlyMap<string, readonly Sample[]>, now: number): unknown {
  if (query === 'vector(1)') {
    return success('vector', [{ metric: {}, value: [now / 1000, '1'] }])
  }
  const [, metric = '', selector = '', range = '0'] = /^(\w+)(?:\{(.*)\})?\[(\d+)s\]$/.exec(query) ?? []
  const begin = now - Number(range) * 1000
  const result = [...stored].flatMap(([series, samples]) => {
    const labels = labelsOf(series)
    const values = samples.filter(({ at }) => at >= begin && at <= now)
    if (labels['__name__'] !== metric || !fits(labels, selector) || values.length === 0) return []
    return [{ metric: labels, values: values.map(({ at, value }) => [at / 1000, text(value)]) }]
  })
  return success('matrix', result)
}

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
  return [...selector.matchAll(/(\w+)(=~|=)"([^"]*)"/g)].every(([, key = '', operator, value = '']) =>
    operator === '=~' ? new RegExp(`^(?:${value})$`).test(labels[key] ?? '') : labels[key] === value,
  )
}
