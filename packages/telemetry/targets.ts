import type { Series } from './series.ts'

/** When each target was scraped, in order of time, by `target`. */
export type Scrapes = ReadonlyMap<string, readonly number[]>

/** Names the process that a series comes from: counters are only ever compared within one. */
export function target({ labels }: Pick<Series, 'labels'>): string {
  // An exporter may name the namespace or pod of what it reports on: only what Prometheus itself sets is the process.
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
 * Where the block that begins at `from` ends: at the latest moment up to which every target that is still scraped has been scraped, so that no
 * arm is cut earlier than the other. A target that misses a scrape or two makes the block longer, for both arms; one that misses more has gone.
 * null while one of them has not been scraped since `from`: a block with one arm's scrape alone would compare nothing.
 */
export function commonEnd(scrapes: Scrapes, from: number): number | null {
  const latest = latestOf(scrapes)
  const live = [...scrapes.values()].filter((times) => latest - (times.at(-1) ?? 0) < patience(times))
  const end = Math.min(...live.map((times) => times.at(-1) ?? latest))
  return live.every((times) => times.some((at) => at > from && at <= end)) ? end : null
}

/** How long a target may be silent before it counts as gone, in ms: three of its intervals. */
function patience(times: readonly number[]): number {
  const gaps = times
    .slice(1)
    .map((at, i) => at - (times[i] ?? at))
    .sort((a, b) => a - b)
  return Math.max(10_000, 3.2 * (gaps[Math.floor(gaps.length / 2)] ?? 15_000))
}
