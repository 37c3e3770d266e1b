import { ask, askArm, lookbackMs, type Span } from './ask.ts'
import { block, counter, type ArmSeries, type ScrapeBlock } from '../blocks/blocks.ts'
import { findNonsense } from '../blocks/check.ts'
import type { Backend, Preset } from '../presets/preset.ts'
import type { Prometheus } from '../sources/prometheus.ts'
import { scrapesOf, type Scrapes } from '../series/targets.ts'

/** Stable's traffic of `ms` before `at`, scrape by scrape: blocks with an empty canary, oldest first. */
export async function historyOf(
  stable: Backend,
  { at, ms }: Span,
  { preset, source }: { readonly preset: Preset; readonly source: Prometheus },
): Promise<readonly ScrapeBlock[]> {
  const span = { at, ms: ms + lookbackMs }
  const absent = { ...stable, role: 'canary', pods: [] } as const
  const scrapes = scrapesOf(await ask(source, preset.heartbeat({ canary: absent, stable }), span))
  const series = await askArm(source, { preset, backend: stable, span })
  if (findNonsense([series]) !== null) return []
  const none: ArmSeries = { requests: [], errors: null, latency: [] }
  const arms = { canary: counter(none, preset, scrapes), stable: counter(series, preset, scrapes) }
  const ends = boundaries(scrapes).filter((end) => end >= at - ms && end <= at)
  return ends.slice(1).map((to, i) => block(arms, { from: ends[i] ?? to, to }))
}

/** The scrapes of the most often scraped target define the blocks. */
function boundaries(scrapes: Scrapes): readonly number[] {
  return [...scrapes.values()].reduce((most, times) => (times.length > most.length ? times : most), [])
}
