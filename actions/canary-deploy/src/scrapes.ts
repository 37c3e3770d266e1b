import type { Clock } from '@alt-las/time'
import type { Meter } from '@alt-las/telemetry'
import type { Reading } from './judging.ts'
import type { Plan } from './plan.ts'

/** The metrics of both versions, scrape by scrape. */
export interface Scrapes {
  /**
   * The block that follows the one which ended at `from` (ms by Prometheus' clock; null begins). Waits up to some seconds for the scrape.
   */
  next(
    plan: Plan,
    from: number | null,
    router: { readonly weight: number | null; readonly settledMs: number },
  ): Promise<Reading>
}

const waitMs = 1000

/** Blocks out of the gateway's counters. `meterFor` names the two Services' series. */
export function scrapes(meterFor: (plan: Plan) => Promise<Meter>, clock: Clock): Scrapes {
  return {
    next: async (plan, from, router) => {
      const reading = await (await meterFor(plan)).read(from)
      if (reading.kind === 'waiting' || reading.kind === 'start') await clock.sleep(waitMs)
      switch (reading.kind) {
        case 'start':
          return { kind: 'start', readTo: reading.at }
        case 'waiting':
          return { kind: 'waiting' }
        case 'blind':
          await clock.sleep(waitMs)
          return { kind: 'blind', because: reading.because, lasting: reading.lasting }
        case 'block': {
          // The weight says something only about a block that lies wholly within its time.
          const whole = router.weight !== null && clock.now() - reading.block.from <= router.settledMs
          return {
            kind: 'block',
            block: { ...reading.block, weight: whole ? (router.weight ?? 0) / 100 : null },
          }
        }
      }
    },
  }
}
