import type { Board, Standing } from '@alt-las/rollout'
import type { Ports } from '../ports.ts'

const everyMs = 15_000

interface Followed {
  readonly release: string
  readonly board: Board
  /** Of the names at the begin of each line. */
  readonly width: number
}

/** One line for the whole release where its targets stand, whenever that has changed. Returns what ends it. */
export function followProgress(
  names: readonly string[],
  { release, board, width }: Followed,
  { clock, log }: Ports,
): () => void {
  const over = new AbortController()
  let last = ''
  const follow = async (): Promise<void> => {
    for (;;) {
      await clock.sleep(everyMs, over.signal)
      const now = progressOf(names.map((name) => board.standing(name)))
      if (now !== last) log.line(`${release.padEnd(width)}  ${now}`)
      last = now
    }
  }
  // Ends by the signal.
  follow().catch(() => undefined)
  return () => {
    over.abort()
  }
}

/** `5 targets: 2 have passed, 1 has all traffic, 2 on their way`. */
export function progressOf(standings: readonly Standing[]): string {
  const counts = (Object.keys(words) as readonly Standing[]).flatMap((standing) => {
    const count = standings.filter((one) => one === standing).length
    return count === 0 ? [] : [`${count} ${words[standing]}`]
  })
  return `${standings.length} targets: ${counts.join(', ')}`
}

const words: Readonly<Record<Standing, string>> = {
  passed: 'passed',
  serving: 'with all traffic',
  moving: 'on the way',
  ahead: 'not begun',
  returning: 'going back',
  back: 'back',
}
