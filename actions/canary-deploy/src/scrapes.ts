import type { Block } from '@alt-las/judge'
import type { Meter, Versions } from '@alt-las/telemetry'
import type { Clock } from '@alt-las/time'
import type { Reading } from './judging.ts'
import type { Plan } from './plan.ts'

/** The metrics of both versions, scrape by scrape. */
export interface Scrapes {
  /**
   * The block that follows the one which ended at `from` (ms by Prometheus' clock; null begins). Waits up to some seconds for the scrape.
   */
  next(plan: Plan, from: number | null, router: Split): Promise<Reading>
  /** What stable did in the half hour before, oldest first; empty where nobody knows. Never throws. */
  history(plan: Plan): Promise<readonly Block[]>
}

export interface Split {
  /** The canary's share in percent; null while it changes. */
  readonly weight: number | null
  /** For how long it has been so. */
  readonly settledMs: number
  /** Where one version serves after the other: when all traffic was switched. */
  readonly switched?: Versions['switched']
}

const waitMs = 1000

/** Blocks out of raw counters. `meterFor` names the two versions' series. */
export function scrapes(
  meterFor: (plan: Plan, switched: Versions['switched']) => Promise<Meter>,
  clock: Clock,
): Scrapes {
  return {
    next: async (plan, from, router) => {
      const reading = await (await meterFor(plan, router.switched ?? null)).read(from)
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

      // The weight says something only about a block that lies wholly within its time, and where a router splits.
      function weightOf(
        { router: splitter }: Plan,
        { from }: { readonly from: number },
        { weight, settledMs }: Split,
      ) {
        if (weight === null || splitter === 'replicas' || splitter === 'service') return null
        return clock.now() - from <= settledMs ? weight / 100 : null
      }
    },
    history: async (plan) => {
      const blocks = await (await meterFor(plan, null)).history(null)
      return blocks.map((block) => ({ ...block, weight: null }))
    },
  }
}
