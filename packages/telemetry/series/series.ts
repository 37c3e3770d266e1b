// Series of samples: their labels, the selectors that find them, and the targets that they were scraped from.
/** A series with its samples in order of time. `at` is the scrape's own time in ms since 1970, by Prometheus' clock. */
export interface Series {
  readonly labels: Labels
  readonly samples: readonly Sample[]
  /** Native histograms; empty for a plain counter. */
  readonly histograms: readonly HistogramSample[]
}

export type Labels = Readonly<Record<string, string>>

export interface Sample {
  readonly at: number
  readonly value: number
}

export interface HistogramSample {
  readonly at: number
  readonly count: number
  /** Only those with counts; not cumulative. */
  readonly buckets: readonly NativeBucket[]
}

export interface NativeBucket {
  readonly lower: number
  readonly upper: number
  readonly count: number
}

/** The key of a series' labels, whatever their order; `without` omits some. */
export function identity(labels: Labels, without: readonly string[] = []): string {
  return Object.entries(labels)
    .filter(([name]) => !without.includes(name))
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .sort()
    .join(',')
}

/** For people: `requests_total{code="500"}`, without Prometheus' own labels. */
export function describeSeries({ labels }: Pick<Series, 'labels'>): string {
  const inner = Object.entries(labels)
    .filter(([name]) => !['__name__', 'job'].includes(name))
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
  return `${labels['__name__'] ?? ''}{${inner.join(', ')}}`
}
