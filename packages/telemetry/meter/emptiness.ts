import type { Clock } from '@alt-las/time'
import type { Preset } from '../presets/preset.ts'
import type { Prometheus } from '../sources/prometheus.ts'
import { blind, type Blind } from '../blocks/reading.ts'

/** Two default scrape intervals of Prometheus, ms: a younger source may not have scraped yet. */
const patienceMs = 120_000

/**
 * The reading when nothing was ever scraped. It is lasting only after the time of two scrapes: since the source's start,
 * or since the first check of this process if the source does not report its start. `now` in ms by Prometheus' clock.
 */
export function emptiness(
  { name, scraped, beatsWithoutTraffic }: Preset,
  { source, clock }: { readonly source: Prometheus; readonly clock: Clock },
): (now: number) => Promise<Blind> {
  let since: number | null = null
  return async (now) => {
    since ??= clock.elapsed()
    if (!beatsWithoutTraffic)
      return blind('empty', `${name}: no request to either version has been counted in ${scraped}`, false)
    const started = await source.startedAt()
    const waited = clock.elapsed() - since >= patienceMs
    const lasting = waited || (started !== null && now - started >= patienceMs)
    return blind(
      'empty',
      lasting
        ? `there is no series of ${scraped}: they are not scraped, or not by the source in metrics-url`
        : `${scraped}: this Prometheus has not scraped them yet`,
      lasting,
    )
  }
}
