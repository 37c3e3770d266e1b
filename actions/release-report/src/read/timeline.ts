import type { Entry } from './entry.ts'
import { spanOf } from './facts.ts'

export interface Bar {
  readonly name: string
  readonly service: string
  readonly outcome: 'passed' | 'refused' | 'failed'
  readonly because: string
  /** Milliseconds since 1970. */
  readonly from: number
  readonly to: number
  readonly chapters: readonly { readonly name: string; readonly from: number; readonly to: number }[]
}

export interface Timeline {
  readonly from: number
  readonly to: number
  /** One row for each service, in the order in which they began. */
  readonly rows: readonly { readonly service: string; readonly bars: readonly Bar[] }[]
}

/** When each step ran; null where no document says. */
export function timeline(entries: readonly Entry[]): Timeline | null {
  const bars = entries.flatMap(({ service, document }): readonly Bar[] => {
    const span = spanOf(document)
    if (span === null) return []
    const chapters = Array.isArray(document.timings)
      ? document.timings.map(({ name, startedAtMs, finishedAtMs }) => ({
          name,
          from: startedAtMs,
          to: finishedAtMs,
        }))
      : []
    return [
      {
        name: document.action,
        service,
        outcome: document.outcome,
        because: document.because,
        ...span,
        chapters,
      },
    ]
  })
  if (bars.length === 0) return null
  return {
    from: Math.min(...bars.map((bar) => bar.from)),
    to: Math.max(...bars.map((bar) => bar.to)),
    rows: [...Map.groupBy(bars, (bar) => bar.service)].map(([service, own]) => ({ service, bars: own })),
  }
}
