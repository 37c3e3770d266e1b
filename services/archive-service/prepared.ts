export interface Prepared {
  done(): boolean
  /** Why it is not done yet. */
  because(): string
}

export interface PreparedPorts {
  /** Waits before the next try; rejects when there shall be none. */
  readonly pause: () => Promise<void>
  readonly failed: (because: string) => void
}

/** Runs `act` until it has succeeded once, and says meanwhile why it has not. */
export function prepared(act: () => Promise<void>, { pause, failed }: PreparedPorts): Prepared {
  let state: string | null = 'not tried yet'
  const attempt = async (): Promise<void> => {
    while (state !== null) {
      try {
        await act()
        state = null
      } catch (cause) {
        const because = cause instanceof Error ? cause.message : String(cause)
        if (because !== state) failed(because)
        state = because
        await pause()
      }
    }
  }
  // pause() rejects when the process ends: nothing is left to be told.
  attempt().catch(() => undefined)
  return { done: () => state === null, because: () => state ?? '' }
}
