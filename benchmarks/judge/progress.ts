/** Where progress is written: a terminal's line is written over, anything else gets a line now and then. */
export interface Screen {
  readonly isTTY?: boolean
  write(text: string): unknown
}

const quietMs = 30_000

/** A line of what is done and about how long the rest takes; `now` in ms. */
export function progressOn(screen: Screen, now: () => number): (done: number) => void {
  const began = now()
  let last = -Infinity
  return (done) => {
    const at = now()
    const terminal = screen.isTTY === true
    if (!terminal && done < 1 && at - last < quietMs) return
    last = at
    const left = done >= 1 ? 0 : ((at - began) * (1 - done)) / done
    const words = `${(100 * done).toFixed(0)} % measured, ${leftIn(left)}`
    screen.write(terminal ? `\r\u001b[K${done >= 1 ? '' : words}` : `${words}\n`)
  }
}

const leftIn = (ms: number): string =>
  ms === 0
    ? 'nothing left'
    : ms < 90_000
      ? `about ${(ms / 1000).toFixed(0)} s left`
      : `about ${(ms / 60_000).toFixed(0)} min left`
