// The meter: reads the metrics again and again, one block a time, with what was known before the canary.
import type { Clock } from '@alt-las/time'
import { ask, askArm, lookbackMs } from './ask.ts'
import { block, counter, type ScrapeBlock } from '../blocks/blocks.ts'
import { findDoubles, findNonsense } from '../blocks/check.ts'
import { countedElsewhere } from './elsewhere.ts'
import { emptiness } from './emptiness.ts'
import { historyOf } from './history.ts'
import type { Arms, Backend, Preset } from '../presets/preset.ts'
import type { Prometheus } from '../sources/prometheus.ts'
import { blind, blindBy, type Blind, type Reading } from '../blocks/reading.ts'
import { describeSeries, type Series } from '../series/series.ts'
import { memoryOf, type Memory } from './memory.ts'
import { before, type Before } from './since-switch.ts'
import { commonEnd, latestOf, scrapesOf, type Scrapes } from '../series/targets.ts'

export interface Meter {
  /** The reading since `from` (ms by Prometheus' clock, the `to` or `at` of the last reading); null = the first one. Never throws. */
  read(from: number | null): Promise<Reading>
  /** Stable's half hour before `until` (ms by Prometheus' clock; null = now), oldest first; empty = unknown. */
  history(until: number | null): Promise<readonly ScrapeBlock[]>
  /** Where requests to stable are counted, if not where they are looked for; null where nothing says so. Never throws. */
  elsewhere(): Promise<string | null>
  /** Memory of the container in the pods of both versions; without such series, or an answer, it is empty. Never throws. */
  memory(container: string): Promise<Memory>
}

export interface Versions extends Arms {
  /**
   * null if both serve at the same time. Else the time of the switch, ms by this process's clock: stable's traffic
   * until `begun` is compared with the canary's since `done`.
   */
  readonly switched: { readonly begun: number; readonly done: number } | null
}

export const historyMs = 30 * 60_000
/** Maximum age of the last scrape. */
const staleMs = 120_000

/** Raw counters of both versions, cut at common scrapes. `versions` is called at every reading, since pods change. */
export function meter(
  versions: () => Promise<Versions>,
  preset: Preset,
  { source, clock }: { readonly source: Prometheus; readonly clock: Clock },
): Meter {
  const empty = emptiness(preset, { source, clock })
  let earlier: Before | null = null
  return {
    read: async (from) => {
      try {
        const now = await presentOf(source)
        const arms = onClockOf(await versions(), now - clock.now())
        const seen = await look({ from, now, arms }, preset, source)
        if (seen.kind === 'empty') return await empty(now)
        if (seen.kind !== 'window') return seen
        if (arms.switched === null) return await readBlock(seen, arms, { preset, source, earlier: null })
        earlier ??= await before(arms.stable, arms.switched, { preset, source })
        return await readBlock(seen, arms, { preset, source, earlier })
      } catch (error) {
        return blindBy(error)
      }
    },
    elsewhere: async () => {
      try {
        const { stable } = await versions()
        return await countedElsewhere(stable, await presentOf(source), { preset, source })
      } catch {
        // `read` says what is wrong with the source.
        return null
      }
    },
    memory: async (container) => {
      try {
        return await memoryOf(await versions(), container, source)
      } catch {
        return { canary: [], stable: null }
      }
    },
    history: async (until) => {
      try {
        const { stable } = await versions()
        const at = until ?? (await presentOf(source))
        return await historyOf(stable, { at, ms: historyMs }, { preset, source })
      } catch {
        // History makes the judge faster; without it the judge is more careful.
        return []
      }
    },
  }
}

/** Prometheus' clock only: every time here is its own. */
async function presentOf(source: Prometheus): Promise<number> {
  return (await source.query('vector(1)'))[0]?.samples[0]?.at ?? 0
}

/** Two clocks differ, but durations on them agree. */
function onClockOf(versions: Versions, ahead: number): Versions {
  const { switched } = versions
  return switched === null
    ? versions
    : { ...versions, switched: { begun: switched.begun + ahead, done: switched.done + ahead } }
}

interface Look {
  readonly from: number | null
  readonly now: number
  readonly arms: Versions
}

interface CountersRead {
  readonly kind: 'window'
  readonly from: number
  readonly to: number
  readonly now: number
  readonly scrapes: Scrapes
}

async function look(
  { from, now, arms }: Look,
  preset: Preset,
  source: Prometheus,
): Promise<Reading | CountersRead | { readonly kind: 'empty' }> {
  const span = { at: now, ms: spanOf(from, now) }
  const beats = await ask(source, preset.heartbeat(arms), span)
  const scrapes = scrapesOf(beats)
  if (scrapes.size === 0) return { kind: 'empty' }
  const doubles = findDoubles(beats, preset)
  if (doubles !== null) return doubles
  const latest = latestOf(scrapes)
  if (now - latest > staleMs)
    return blind('stale', `the last scrape of ${preset.scraped} is ${seconds(now - latest)} old`, false)
  const begin = Math.max(from ?? latest, arms.switched?.done ?? 0)
  // No scrape is that old any more: the source has lost its data.
  if (from === null || !reaches(scrapes, begin)) return { kind: 'start', at: Math.max(latest, begin) }
  const to = commonEnd(scrapes, begin)
  if (to === null)
    return { kind: 'waiting', because: `${preset.scraped}: not scraped since the last reading` }
  return { kind: 'window', from: begin, to, now, scrapes }
}

const spanOf = (from: number | null, now: number): number =>
  (from === null ? 0 : Math.max(0, now - from)) + lookbackMs

const reaches = (scrapes: Scrapes, begin: number): boolean =>
  [...scrapes.values()].some((times) => (times[0] ?? Infinity) <= begin)

interface HistoryRead {
  readonly preset: Preset
  readonly source: Prometheus
  /** null if both versions serve at the same time. */
  readonly earlier: Before | null
}

async function readBlock(
  seen: CountersRead,
  arms: Versions,
  { preset, source, earlier }: HistoryRead,
): Promise<Reading> {
  const { from, to, now, scrapes } = seen
  const span = { at: now, ms: spanOf(from, now) }
  const read = (backend: Backend) => askArm(source, { preset, backend, span })
  const series = [await read(arms.canary), ...(earlier === null ? [await read(arms.stable)] : [])]
  const nonsense = findNonsense(series)
  if (nonsense !== null) return nonsense
  const [first, second] = series.map((one) => counter(one, preset, scrapes))
  const mirrored = earlier?.at(from, to) ?? null
  if (first === undefined || (second === undefined && mirrored === null))
    return blind('empty', `${preset.name}: no data from before the switch`, false)
  const stable = second ?? mirrored?.counter ?? first
  const counted = block(
    { canary: first, stable },
    mirrored === null ? { from, to } : { from, to, stableAt: mirrored },
  )
  return (
    checked(
      counted,
      series.flatMap(({ requests }) => requests),
    ) ?? { kind: 'block', block: counted }
  )
}

/** Own queries may name counters that do not belong together. */
function checked({ canary, stable }: ScrapeBlock, series: readonly Series[]): Blind | null {
  const odd = [canary, stable].find(({ requests, errors }) => errors > requests)
  if (odd === undefined) return null
  const what = `${odd.errors} errors of ${odd.requests} requests`
  const where = series.slice(0, 2).map(describeSeries).join(' and ')
  return blind(
    'not-a-number',
    `the metrics count ${what}: \`requests\` does not include the errors of ${where}`,
    true,
  )
}

const seconds = (ms: number): string => `${Math.round(ms / 1000)} s`
