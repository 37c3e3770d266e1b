import type { Meter, Versions } from '@alt-las/telemetry'
import type { Clock } from '@alt-las/time'
import type { Past, Scrapes, Split } from '../model/metrics.ts'
import type { Plan } from '../model/plan.ts'

const waitMs = 1000

/** The meter of a plan's two versions, and its source of counters. */
export interface Source {
  readonly meter: Meter
  readonly counted: Past['counted']
}

/** Blocks out of raw counters. `sourceFor` names the two versions' series. */
export function scrapes(
  sourceFor: (plan: Plan, switched: Versions['switched']) => Promise<Source>,
  clock: Clock,
): Scrapes {
  return {
    next: async (plan, from, router) => {
      const { meter } = await sourceFor(plan, router.switched ?? null)
      const reading = await meter.read(from)
      if (reading.kind !== 'block') await clock.sleep(waitMs)
      switch (reading.kind) {
        case 'start':
          return { kind: 'start', readTo: reading.at }
        case 'waiting':
          return { kind: 'waiting' }
        case 'blind':
          return { kind: 'blind', because: reading.because, lasting: reading.lasting }
        case 'block':
          return { kind: 'block', block: { ...reading.block, weight: weightOf(plan, reading.block, router) } }
      }

      // A block counts for a weight only if it lies wholly within its time, and while both versions serve.
      function weightOf(
        { router: splitter }: Plan,
        { from }: { readonly from: number },
        { weight, settledMs }: Split,
      ) {
        if (weight === null || splitter === 'service') return null
        return clock.now() - from <= settledMs ? weight / 100 : null
      }
    },
    elsewhere: async (plan) => (await sourceFor(plan, null)).meter.elsewhere(),
    memory: async (plan) => (await sourceFor(plan, null)).meter.memory(plan.container),
    history: async (plan) => {
      const { meter, counted } = await sourceFor(plan, null)
      const blocks = await meter.history(null)
      // Own queries may count errors outside of their requests: such blocks are not a history.
      const sane = blocks.filter(({ stable }) => stable.errors <= stable.requests)
      return { counted, blocks: sane.map((block) => ({ ...block, weight: null })) }
    },
  }
}
