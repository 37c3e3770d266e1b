import type { ArmSeries } from './blocks.ts'
import type { Preset } from '../presets/preset.ts'
import { blind, type Blind } from './reading.ts'
import { describeSeries, identity, type Series } from '../series/series.ts'
import { target } from '../series/targets.ts'

/** Labels that only identify the scraping Prometheus. */
const replicas = ['prometheus', 'prometheus_replica', 'replica', '__replica__', 'monitor']
/** A series older than the newest by this many ms has been replaced by it. */
const liveMs = 15_000

/** A process that is scraped twice counts each request double. null = each is scraped once. */
export function findDoubles(beats: readonly Series[], { scraped }: Preset): Blind | null {
  const newest = Math.max(...beats.map(endOf))
  const live = beats.filter((beat) => newest - endOf(beat) < liveMs)
  const series = new Map<string, Series>()
  const processes = new Map<string, Series>()
  for (const beat of live) {
    const twin = series.get(identity(beat.labels, replicas))
    if (twin !== undefined) return twice(scraped, twin, beat)
    series.set(identity(beat.labels, replicas), beat)
    const { instance } = beat.labels
    if (instance === undefined) continue
    const other = processes.get(instance)
    if (other !== undefined && isSameProcess(other, beat)) return twice(scraped, other, beat)
    processes.set(instance, beat)
  }
  return null
}

/** An instance may be a node's name: then its pods are processes of their own. */
function isSameProcess(one: Series, other: Series): boolean {
  const [pod, otherPod] = [one.labels['pod'], other.labels['pod']]
  const apart = pod !== undefined && otherPod !== undefined && pod !== otherPod
  return !apart && target(one) !== target(other)
}

const twice = (scraped: string, one: Series, other: Series): Blind =>
  blind(
    'ambiguous',
    `Prometheus scrapes ${scraped} at ${one.labels['instance'] ?? 'one address'} twice (${describeSeries(one)} of ${one.labels['job'] ?? 'one job'} and ${describeSeries(other)} of ${other.labels['job'] ?? 'another'}): each request would count double`,
    true,
  )

const endOf = ({ samples, histograms }: Series): number =>
  Math.max(samples.at(-1)?.at ?? 0, histograms.at(-1)?.at ?? 0)

/** Names a value that cannot be a count; null = none. */
export function findNonsense(arms: readonly ArmSeries[]): Blind | null {
  for (const { requests, errors, latency } of arms) {
    for (const series of [...requests, ...(errors ?? []), ...latency]) {
      if (series.samples.some(({ value }) => !isCount(value)))
        return nonsense(series, 'a value that is not a count (NaN, infinite or negative)')
      if (
        series.histograms.some(
          ({ count, buckets }) => ![{ count }, ...buckets].every((one) => isCount(one.count)),
        )
      )
        return nonsense(series, 'a histogram with an invalid count (NaN, infinite or negative)')
    }
    const odd = [...requests, ...(errors ?? [])].find(({ histograms }) => histograms.length > 0)
    if (odd !== undefined) return nonsense(odd, 'a histogram, expected a counter')
  }
  return null
}

const isCount = (value: number): boolean => Number.isFinite(value) && value >= 0

const nonsense = (series: Series, what: string): Blind =>
  blind('not-a-number', `${describeSeries(series)} has ${what}`, true)
