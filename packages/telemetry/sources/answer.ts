import { Failure } from '@alt-las/failure'
import type { HistogramSample, NativeBucket, Sample, Series } from '../series/series.ts'

/** Strict: throws for anything but a vector or matrix of numbers or native histograms; NaN stays NaN, so that the reader can report it. */
export function parseAnswer(text: string): readonly Series[] {
  const answer = parseJson(text)
  if (!isRecord(answer)) throw unreadable('the answer is not an object')
  if (answer['status'] !== 'success') {
    const reason = typeof answer['error'] === 'string' ? answer['error'] : 'no reason given'
    throw new Failure('metrics-refused', `Prometheus refused the query: ${reason}`, { fault: 'input' })
  }
  const data = isRecord(answer['data']) ? answer['data'] : {}
  const type = data['resultType']
  if (type !== 'vector' && type !== 'matrix') {
    throw unreadable(
      `the result is ${typeof type === 'string' ? `a ${type}` : 'of no type'}, expected a vector or a matrix`,
    )
  }
  if (!Array.isArray(data['result'])) throw unreadable('the result is not a list')
  return data['result'].map((one: unknown) => parseSeries(one, type))
}

function parseSeries(one: unknown, type: 'vector' | 'matrix'): Series {
  if (!isRecord(one) || !isRecord(one['metric'])) throw unreadable('a series has no labels')
  const labels = Object.entries(one['metric']).map(([label, value]) => {
    if (typeof value !== 'string') throw unreadable(`the label ${label} is no text`)
    return [label, value] as const
  })
  const name = labels.find(([label]) => label === '__name__')?.[1] ?? 'without a name'
  const points = (many: string, single: string): readonly unknown[] => {
    const found: unknown = type === 'vector' ? (single in one ? [one[single]] : []) : (one[many] ?? [])
    if (!Array.isArray(found)) throw unreadable(`the samples of ${name} are not a list`)
    return found as readonly unknown[]
  }
  const samples = points('values', 'value').map(parseSample)
  const histograms = points('histograms', 'histogram').map(parseHistogram)
  if (samples.length + histograms.length === 0) throw unreadable(`the series ${name} holds no samples`)
  return { labels: Object.fromEntries(labels), samples, histograms }
}

function parseSample(point: unknown): Sample {
  if (!Array.isArray(point) || typeof point[0] !== 'number' || typeof point[1] !== 'string') {
    throw unreadable(`a sample is ${JSON.stringify(point)}, expected [time, "value"]`)
  }
  return { at: parseTime(point[0]), value: parseNumber(point[1]) }
}

/** `[time, { count, sum, buckets: [[boundaries, "lower", "upper", "count"], …] }]`; empty buckets are left out by Prometheus. */
function parseHistogram(point: unknown): HistogramSample {
  if (!Array.isArray(point) || typeof point[0] !== 'number' || !isRecord(point[1])) {
    throw unreadable(`a histogram is ${JSON.stringify(point)}, expected [time, { count, buckets }]`)
  }
  const { count, buckets = [] } = point[1]
  if (!Array.isArray(buckets)) throw unreadable("a histogram's buckets are not a list")
  return { at: parseTime(point[0]), count: parseNumber(count), buckets: buckets.map(parseBucket) }
}

function parseBucket(bucket: unknown): NativeBucket {
  if (!Array.isArray(bucket) || bucket.length !== 4) {
    throw unreadable(
      `a bucket is ${JSON.stringify(bucket)}, expected [boundaries, "lower", "upper", "count"]`,
    )
  }
  const [, lower, upper, count] = bucket as readonly unknown[]
  return { lower: parseNumber(lower), upper: parseNumber(upper), count: parseNumber(count) }
}

/** Seconds to ms; a number of seconds can be too large for its milliseconds. */
function parseTime(seconds: number): number {
  const ms = Math.round(seconds * 1000)
  if (Number.isSafeInteger(ms)) return ms
  throw unreadable(`a sample's time is ${seconds} s, expected seconds since 1970`)
}

/** A map, since an object has names of its own, such as `constructor`. */
const special: ReadonlyMap<string, number> = new Map([
  ['+Inf', Infinity],
  ['-Inf', -Infinity],
  ['NaN', NaN],
])

function parseNumber(text: unknown): number {
  const value = typeof text === 'string' && text !== '' ? (special.get(text) ?? Number(text)) : NaN
  if (Number.isNaN(value) && text !== 'NaN') {
    throw unreadable(`a sample's value is ${JSON.stringify(text)}, expected a number`)
  }
  return value
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
    hint: 'give in metrics-url the address before `/api/v1/query`; for a directly scraped endpoint begin it with scrape+',
  })
