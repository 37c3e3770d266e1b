import type { Clock } from '@alt-las/time'

export interface Bell {
  readonly ring: () => void
  /** Resolves at once where it has rung since the last time, else when it rings, or after `ms`; rejects with the signal's reason. */
  heard(
    ms: number,
    options: { readonly clock: Clock; readonly signal: AbortSignal | undefined },
  ): Promise<void>
}

/** Remembers one ring that nobody has heard yet. */
export function createBell(): Bell {
  let next = Promise.withResolvers<void>()
  let rung = false
  return {
    ring: () => {
      rung = true
      next.resolve()
    },
    heard: async (ms, { clock, signal }) => {
      const over = new AbortController()
      const mine = next
      const sleep = clock.sleep(
        ms,
        AbortSignal.any(signal === undefined ? [over.signal] : [over.signal, signal]),
      )
      try {
        await Promise.race([mine.promise, sleep])
      } finally {
        over.abort()
        if (rung && next === mine) {
          next = Promise.withResolvers<void>()
          rung = false
        }
      }
    },
  }
}
