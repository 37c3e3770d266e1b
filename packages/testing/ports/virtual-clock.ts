import type { Clock } from '@alt-las/time'

interface Sleeper {
  readonly atMs: number
  wake(): void
}

/**
 * A clock for several sleepers: time jumps to the earliest of them as soon as nothing else is left to do. It shows what an order of events
 * leads to, in no time. Starts at 2026-01-01T00:00:00Z.
 */
export function virtualClock(): Clock {
  const start = Date.UTC(2026, 0, 1)
  const sleepers: Sleeper[] = []
  let nowMs = 0
  let isRunning = false
  const run = () => {
    const next = sleepers.shift()
    isRunning = next !== undefined
    if (next === undefined) return
    nowMs = Math.max(nowMs, next.atMs)
    next.wake()
    // Promises that the sleeper settles come first.
    setImmediate(run)
  }
  const add = (sleeper: Sleeper) => {
    const at = sleepers.findLastIndex(({ atMs }) => atMs <= sleeper.atMs)
    sleepers.splice(at + 1, 0, sleeper)
    if (isRunning) return
    isRunning = true
    setImmediate(run)
  }
  return {
    now: () => start + nowMs,
    elapsed: () => nowMs,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const abort = () => {
          const at = sleepers.indexOf(sleeper)
          if (at >= 0) sleepers.splice(at, 1)
          reject(signal?.reason as Error)
        }
        const wake = () => {
          signal?.removeEventListener('abort', abort)
          resolve()
        }
        const sleeper: Sleeper = { atMs: nowMs + Math.max(0, ms), wake }
        if (signal?.aborted === true) {
          abort()
          return
        }
        signal?.addEventListener('abort', abort, { once: true })
        add(sleeper)
      }),
  }
}
