import type { Clock } from './log.ts'

export interface Patience {
  readonly what: string
  readonly seconds: number
  readonly everyMilliseconds?: number
}

/** Asks again until the answer is yes. Throws when the time is up, with what was waited for. */
export async function until(patience: Patience, probe: () => Promise<boolean>, clock: Clock): Promise<void> {
  const deadline = clock.now() + patience.seconds * 1000
  while (!(await probe())) {
    if (clock.now() >= deadline) throw new Error(`${patience.what}: not there after ${patience.seconds}s`)
    await clock.sleep(patience.everyMilliseconds ?? 200)
  }
}
