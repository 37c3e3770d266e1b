import { ask } from './ask.ts'
import { increments, within } from '../blocks/growth.ts'
import type { Backend, Preset } from '../presets/preset.ts'
import type { Prometheus } from '../sources/prometheus.ts'
import { describeSeries } from '../series/series.ts'
import { scrapesOf } from '../series/targets.ts'

const lookedMs = 180_000

/**
 * Where requests to stable are counted, if not in the series in which they are looked for: null where those are there, or where nothing says
 * that stable has traffic. A rollout would find its canary quiet, however many users it serves.
 */
export async function countedElsewhere(
  stable: Backend,
  now: number,
  { preset, source }: { readonly preset: Preset; readonly source: Prometheus },
): Promise<string | null> {
  if (preset.near === undefined) return null
  const span = { at: now, ms: lookedMs }
  if ((await ask(source, preset.requests(stable), span)).length > 0) return null
  const series = await ask(source, preset.near(stable), span)
  const scrapes = scrapesOf(series)
  const busy = series.filter((one) => within(increments(one, scrapes), now - lookedMs, now) > 0)
  const [first] = busy
  if (first === undefined) return null
  return `${preset.name} counts requests in ${describeSeries(first)}, and none in ${preset.requests(stable).join(' or ')}`
}
