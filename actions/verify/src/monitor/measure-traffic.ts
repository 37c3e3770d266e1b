import type { Service, Workload } from '@alt-las/kubernetes'
import { Failure } from '@alt-las/failure'
import type { Backend, Preset, Prometheus, Series } from '@alt-las/telemetry'

/** A service's traffic in one window. */
export interface Measured {
  readonly requests: number
  readonly errors: number
  /** ms; null: there is no histogram, or it holds nothing. */
  readonly p95Ms: number | null
}

export interface TrafficSeen {
  readonly now: Measured
  /** The window before the present pods; null: Prometheus has none of it. */
  readonly releaseBefore: Measured | null
  /** The same hours a week ago. */
  readonly weekBefore: Measured | null
}

/** The Services in front of a workload, as gateways name them. */
export function backendsOf(workload: Workload, services: readonly Service[]): readonly Backend[] {
  const labels = workload.spec.template.metadata?.labels ?? {}
  const { name: deployment, namespace = '' } = workload.metadata
  const fronts = services.filter(({ spec: { selector = {}, clusterIP } }) => {
    const wanted = Object.entries(selector)
    return clusterIP !== 'None' && wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value)
  })
  return fronts.map(({ metadata, spec: { ports = [] } }) => ({
    role: 'stable',
    namespace,
    service: metadata.name,
    ports: ports.flatMap(({ port, name }) => [`${port}`, ...(name === undefined ? [] : [name])]),
    deployment,
    pods: [],
  }))
}

const weekMs = 7 * 86_400_000

export interface Windows {
  /** Milliseconds since 1970, by this machine's clock. */
  readonly now: number
  readonly releasedAt: number
  readonly windowMs: number
  readonly preset: Preset
}

/** Three windows of the same length. Each question has an answer of a few numbers, however long the window is. */
export async function measureTraffic(
  backends: readonly Backend[],
  { now, releasedAt, windowMs, preset }: Windows,
  source: Prometheus,
): Promise<TrafficSeen> {
  const measure = (at: number) => measured(backends, { at, windowMs, preset }, source)
  const present = await measure(now)
  const before = await measure(releasedAt)
  const week = await measure(now - weekMs)
  return { now: present, releaseBefore: orNone(before), weekBefore: orNone(week) }
}

const orNone = (one: Measured): Measured | null => (one.requests === 0 ? null : one)

interface Window {
  readonly at: number
  readonly windowMs: number
  readonly preset: Preset
}

async function measured(
  backends: readonly Backend[],
  { at, windowMs, preset }: Window,
  source: Prometheus,
): Promise<Measured> {
  const range = `[${Math.round(windowMs / 1000)}s]`
  const grown = async (selectors: readonly string[]) => {
    const answers = await Promise.all(selectors.map((one) => source.query(`increase(${one}${range})`, at)))
    return bounded(answers.flat())
  }
  const of = (select: (backend: Backend) => readonly string[]) => backends.flatMap((one) => select(one))
  const requests = (await grown(of(preset.requests))).filter(
    ({ labels }) => preset.isGivenUp?.(labels) !== true,
  )
  const failed =
    preset.errors === null
      ? requests.filter(({ labels }) => preset.isError(labels))
      : await grown(of(preset.errors))
  const { latency } = preset
  const p95 = latency === null ? [] : await source.query(quantile(of(latency), range), at)
  const value = p95[0]?.samples[0]?.value ?? NaN
  return {
    requests: Math.round(sum(requests)),
    errors: Math.round(sum(failed)),
    p95Ms: Number.isFinite(value) ? Math.round(value * preset.unit * 1000) : null,
  }
}

function quantile(selectors: readonly string[], range: string): string {
  const all = selectors.map((one) => `sum by (le) (increase(${one}${range}))`).join(' or ')
  return `histogram_quantile(0.95, sum by (le) (${all}))`
}

const mostSeries = 5000

function bounded(series: readonly Series[]): readonly Series[] {
  if (series.length <= mostSeries) return series
  const text = `Prometheus has ${series.length} series for one service, expected at most ${mostSeries}`
  throw new Failure('metrics-unreadable', text, { fault: 'outside' })
}

const sum = (series: readonly Series[]): number =>
  series.reduce((all, { samples }) => all + (samples[0]?.value ?? 0), 0)
