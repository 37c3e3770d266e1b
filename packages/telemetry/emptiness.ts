import type { Clock } from '@alt-las/time'
import type { Preset } from './presets/preset.ts'
import type { Prometheus } from './prometheus.ts'
import { blind, type Blind } from './reading.ts'

/** Two of Prometheus' own default intervals: whoever began less long ago may simply not have scraped yet, ms. */
const patienceMs = 120_000

/**
 * What to say when nothing was ever scraped. It is a lasting state only when the source has had the time of two scrapes: by its own start where
 * it tells that, by this process's watch where not. `now` in ms by Prometheus' clock.
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
        ? `there is no series of ${scraped}: not scraped at all, or not by the source in metrics-url`
        : `${scraped}: not scraped yet, as far as this Prometheus knows`,
      lasting,
    )
  }
}
