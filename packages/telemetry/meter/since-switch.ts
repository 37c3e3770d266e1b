import { ask, askArm, lookbackMs } from './ask.ts'
import { counter, type Counter } from '../blocks/blocks.ts'
import { findNonsense } from '../blocks/check.ts'
import type { Backend, Preset } from '../presets/preset.ts'
import type { Prometheus } from '../sources/prometheus.ts'
import { scrapesOf } from '../series/targets.ts'

/** Traffic of the Service before the switch. */
export interface Before {
  /**
   * The interval before the switch for a block after it: of the same length and distance from the switch, starting again
   * when the known time is used up. null = no data.
   */
  at(
    from: number,
    to: number,
  ): { readonly from: number; readonly to: number; readonly counter: Counter } | null
}

const knownMs = 30 * 60_000

/**
 * Read once, since the past does not change. Two versions that serve one after the other share no incident and no load, so this is weaker than a
 * canary beside stable.
 */
export async function before(
  service: Backend,
  { begun, done }: { readonly begun: number; readonly done: number },
  { preset, source }: { readonly preset: Preset; readonly source: Prometheus },
): Promise<Before> {
  const span = { at: begun, ms: knownMs + lookbackMs }
  const absent = { ...service, role: 'canary', pods: [] } as const
  const scrapes = scrapesOf(await ask(source, preset.heartbeat({ canary: absent, stable: service }), span))
  const series = await askArm(source, { preset, backend: service, span })
  const first = Math.min(...[...scrapes.values()].map((times) => times[0] ?? Infinity))
  const known = Math.min(knownMs, begun - first)
  if (!(known > 0) || findNonsense([series]) !== null) return { at: () => null }
  const counted = counter(series, preset, scrapes)
  return {
    at: (from, to) => {
      const length = Math.min(to - from, known)
      const back = Math.max(0, from - done) % known
      const end = back + length > known ? begun : begun - back
      return { from: end - length, to: end, counter: counted }
    },
  }
}
