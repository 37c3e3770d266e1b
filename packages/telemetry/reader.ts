import { Failure, describe } from '@alt-las/failure'
import { countArm, target, type ArmSeries, type ScrapeBlock, type Window } from './blocks.ts'
import type { Backend, Preset } from './presets.ts'
import type { Prometheus, Series } from './prometheus.ts'

/** One look at the metrics. None but `block` says anything about health, and no sentence here calls a version healthy. */
export type Reading =
  /** The first look: blocks begin at `at`. */
  | { readonly kind: 'start'; readonly at: number }
  | { readonly kind: 'block'; readonly block: ScrapeBlock }
  /** No scrape since the last look: look again. */
  | { readonly kind: 'waiting'; readonly because: string }
  /** The source cannot be used now; `lasting` where time alone will not heal it. */
  | {
      readonly kind: 'blind'
      readonly why: 'unreachable' | 'refused' | 'empty' | 'not-a-number' | 'ambiguous' | 'stale'
      readonly because: string
      readonly lasting: boolean
    }

export interface Meter {
  /** What happened since `from` (ms by Prometheus' clock, the `to` or `at` of the last reading); null begins. */
  read(from: number | null): Promise<Reading>
}

export interface Arms {
  readonly canary: Backend
  readonly stable: Backend
}

/** How far back a scrape may lie and still be the one that a block begins at. */
const lookbackMs = 60_000
/** A target without a scrape for so long has stopped being one. */
const staleMs = 120_000

/** Raw counters of both versions from one exposition, cut at common scrapes. */
export function meter(arms: Arms, preset: Preset, source: Prometheus): Meter {
  return {
    read: async (from) => {
      try {
        return await look(from, arms, preset, source)
      } catch (error) {
        const code = error instanceof Failure ? error.code : ''
        const refused = ['metrics-refused', 'metrics-unreadable', 'forbidden', 'not-found'].includes(code)
        return {
          kind: 'blind',
          why: refused ? 'refused' : 'unreachable',
          because: `there are no metrics: ${describe(error)}`,
          lasting: refused,
        }
      }
    },
  }
}

async function look(from: number | null, arms: Arms, preset: Preset, source: Prometheus): Promise<Reading> {
  // Prometheus' clock and no other: every time here is one of its own.
  const now = (await source.query('vector(1)'))[0]?.samples[0]?.at ?? 0
  const age = from === null ? 0 : Math.max(0, now - from)
  const range = `[${String(Math.ceil((age + lookbackMs + staleMs) / 1000))}s]`
  // First the heartbeat: what it has seen, the queries after it see too, since a scrape is stored as a whole.
  const beats = await source.query(preset.heartbeat + range)
  const problem = checkBeats(beats, preset)
  if (problem !== null) return problem
  const scrapes = new Map(beats.map((one) => [target(one), one.samples.map(({ at }) => at)]))
  const latest = Math.max(...[...scrapes.values()].map((times) => times.at(-1) ?? 0))
  if (now - latest > staleMs) {
    return blind('stale', `the last scrape of ${preset.name} is ${seconds(now - latest)} old`, false)
  }
  if (from === null) return { kind: 'start', at: latest }
  const to = commonEnd(scrapes, latest)
  if (to <= from)
    return { kind: 'waiting', because: `${preset.name} has not been scraped since the last look` }
  return readBlock({ from, to, scrapes }, { arms, preset, source, range })
}

/** The latest moment up to which every target that is still scraped has been scraped: no arm is cut earlier than the other. */
function commonEnd(scrapes: Window['scrapes'], latest: number): number {
  const ends = [...scrapes.values()].map((times) => times.at(-1) ?? 0)
  return Math.min(...ends.filter((end) => latest - end < lookbackMs))
}

async function readBlock(
  window: Window,
  { arms, preset, source, range }: { arms: Arms; preset: Preset; source: Prometheus; range: string },
): Promise<Reading> {
  const read = async (backend: Backend): Promise<ArmSeries> => ({
    requests: await source.query(preset.requests(backend) + range),
    latency: preset.latency === null ? [] : await source.query(preset.latency(backend) + range),
  })
  const canary = await read(arms.canary)
  const stable = await read(arms.stable)
  const all = [canary, stable].flatMap((arm) => [...arm.requests, ...arm.latency])
  const broken = all.find(({ samples }) => samples.some(({ value }) => !Number.isFinite(value) || value < 0))
  if (broken !== undefined) {
    return blind(
      'not-a-number',
      `${name(broken)} holds a value that is no count (NaN, infinite or negative)`,
      true,
    )
  }
  const block = {
    from: window.from,
    to: window.to,
    canary: countArm(canary, preset.isError, window),
    stable: countArm(stable, preset.isError, window),
  }
  return { kind: 'block', block }
}

function checkBeats(beats: readonly Series[], preset: Preset): Reading | null {
  if (beats.length === 0) {
    return blind(
      'empty',
      `Prometheus has no series ${preset.heartbeat}: it does not scrape ${preset.name}, or this is the wrong Prometheus`,
      true,
    )
  }
  const instances = new Map<string, Series>()
  for (const beat of beats) {
    const instance = beat.labels['instance'] ?? ''
    const other = instances.get(instance)
    if (other !== undefined && isLive(other) && isLive(beat)) {
      return blind(
        'ambiguous',
        `Prometheus scrapes ${preset.name} at ${instance} twice (${target(other)} and ${target(beat)}): each request would count double`,
        true,
      )
    }
    instances.set(instance, beat)
  }
  return null

  function isLive(series: Series): boolean {
    const end = Math.max(...beats.map(({ samples }) => samples.at(-1)?.at ?? 0))
    return end - (series.samples.at(-1)?.at ?? 0) < lookbackMs
  }
}

const blind = (
  why: Extract<Reading, { kind: 'blind' }>['why'],
  because: string,
  lasting: boolean,
): Reading => ({ kind: 'blind', why, because, lasting })

const name = ({ labels }: Series): string =>
  `${labels['__name__'] ?? 'a series'}{service="${labels['service'] ?? ''}", code="${labels['code'] ?? ''}"}`

const seconds = (ms: number): string => `${String(Math.round(ms / 1000))} s`
