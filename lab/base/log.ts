/** The log of a lab command: one line at a time, each with the seconds since the command began. */
export interface Log {
  (text: string): void
}

export interface Clock {
  /** Milliseconds that never go back. */
  now(): number
  sleep(milliseconds: number): Promise<void>
}

export const realClock: Clock = {
  now: () => performance.now(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
}

/** `[  12.3s] text` on the given writer. */
export function logTo(write: (line: string) => void, clock: Clock): Log {
  const begun = clock.now()
  return (text) => {
    const seconds = ((clock.now() - begun) / 1000).toFixed(1)
    for (const line of text.split('\n')) write(`[${seconds.padStart(6)}s] ${line}\n`)
  }
}
