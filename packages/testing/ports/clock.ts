// Fakes of ports, one file each: clock, process, log, and the reader of inputs.
import type { Clock } from '@alt-las/time'

export interface FakeClock extends Clock {
  /** Every pause that was asked for, in ms. */
  readonly slept: readonly number[]
  advance(ms: number): void
}

/** A clock that jumps: a sleep returns at once and time has passed. Starts at 2026-01-01T00:00:00Z. */
export function fakeClock(): FakeClock {
  const start = Date.UTC(2026, 0, 1)
  const slept: number[] = []
  let passed = 0
  return {
    slept,
    now: () => start + passed,
    elapsed: () => passed,
    advance: (ms) => {
      passed += ms
    },
    sleep: async (ms, signal) => {
      signal?.throwIfAborted()
      slept.push(ms)
      passed += ms
      await Promise.resolve()
    },
  }
}
