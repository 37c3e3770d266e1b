import type { Series } from './series.ts'

/** Scrape times of each target, in order, by `target`. */
export type Scrapes = ReadonlyMap<string, readonly number[]>

/** The process of a series: counters are compared only within one. */
export function target({ labels }: Pick<Series, 'labels'>): string {
  // An exporter may set namespace or pod of its subject: only Prometheus' own labels identify the process.
  return [labels['job'], labels['instance'], labels['controller_pod'] ?? labels['pod']].join('|')
}

/** A failed scrape is no scrape. */
export function scrapesOf(beats: readonly Series[]): Scrapes {
  const times = new Map<string, Set<number>>()
  for (const beat of beats) {
    const own = times.get(target(beat)) ?? new Set()
    const failed = beat.labels['__name__'] === 'up' ? 0 : NaN
    for (const { at, value } of beat.samples) if (value !== failed) own.add(at)
    if (own.size > 0) times.set(target(beat), own)
  }
  return new Map([...times].map(([name, own]) => [name, [...own].sort((a, b) => a - b)]))
}

export const latestOf = (scrapes: Scrapes): number =>
  Math.max(-Infinity, ...[...scrapes.values()].map((times) => times.at(-1) ?? -Infinity))

/**
 * The end of the block that begins at `from`: the latest time up to which every live target has been scraped, so that no
 * arm is cut earlier than the other. A target that misses one or two scrapes makes the block longer, for both arms; one that misses more is gone.
 * null while one of them has not been scraped since `from`: a block with one arm alone would compare nothing.
 */
export function commonEnd(scrapes: Scrapes, from: number): number | null {
  const latest = latestOf(scrapes)
  const live = [...scrapes.values()].filter((times) => latest - (times.at(-1) ?? 0) < patience(times))
  const end = Math.min(...live.map((times) => times.at(-1) ?? latest))
  return live.every((times) => times.some((at) => at > from && at <= end)) ? end : null
}

/** Silence after which a target counts as gone, in ms: three of its intervals. */
function patience(times: readonly number[]): number {
  const gaps = times
    .slice(1)
    .map((at, i) => at - (times[i] ?? at))
    .sort((a, b) => a - b)
  return Math.max(10_000, 3.2 * (gaps[Math.floor(gaps.length / 2)] ?? 15_000))
}
