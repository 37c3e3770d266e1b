import type { OutcomeDocument } from '@alt-las/outcome'
import type { Entry } from './entry.ts'

/** One step on the timeline. Times are milliseconds since 1970. */
export interface Bar {
  readonly action: string
  readonly service: string
  readonly outcome: OutcomeDocument['outcome']
  readonly because: string
  readonly fromMs: number
  readonly toMs: number
}

export interface Timeline {
  readonly fromMs: number
  readonly toMs: number
  /** One row per service, in the order in which they began. */
  readonly rows: readonly { readonly service: string; readonly bars: readonly Bar[] }[]
}

/** When each step ran; null without documents. */
export function timeline(entries: readonly Entry[]): Timeline | null {
  const bars = entries.map(barOf)
  if (bars.length === 0) return null
  return {
    fromMs: Math.min(...bars.map((bar) => bar.fromMs)),
    toMs: Math.max(...bars.map((bar) => bar.toMs)),
    rows: [...Map.groupBy(bars, (bar) => bar.service)].map(([service, own]) => ({ service, bars: own })),
  }
}

function barOf({ service, document }: Entry): Bar {
  const { action, outcome, because, startedAt, finishedAt } = document
  const fromMs = Date.parse(startedAt)
  return { action, service, outcome, because, fromMs, toMs: Math.max(fromMs, Date.parse(finishedAt)) }
}
