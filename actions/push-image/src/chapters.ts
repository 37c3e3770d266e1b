import type { Timing } from '@alt-las/outcome'
import type { Log } from '@alt-las/runner'
import type { Clock } from '@alt-las/time'

/** The chapters of the log, and how long each took. */
export interface Chapters {
  readonly timings: readonly Timing[]
  run<T>(name: string, work: () => Promise<T>): Promise<T>
}

export function startChapters({ log, clock }: { readonly log: Log; readonly clock: Clock }): Chapters {
  const timings: Timing[] = []
  return {
    timings,
    run: async (name, work) => {
      const startedAtMs = clock.now()
      try {
        return await log.chapter(name, work)
      } finally {
        timings.push({ name, startedAtMs, finishedAtMs: clock.now() })
      }
    },
  }
}
