import { controllers } from './controllers.ts'
import { createRound, type RoundOptions } from './round/round.ts'

export interface Shifts {
  /** Lets every controller look for which there may be something to do; `now` in ms since 1970. */
  round(now: number): void
  /** Nothing was written since all controllers have looked. */
  isIdle(): boolean
  /** When the next thing is due by itself, in ms since 1970; Infinity: nothing. */
  wake(): number
  /** What each controller has still to do, for who asks whether two worlds will go on alike. */
  agenda(): string
}

/** Who of the controllers works when: one whose kinds have not changed, and for which nothing is due, is passed over. */
export function shifts(options: Omit<RoundOptions, 'now' | 'wake'>): Shifts {
  const { cluster } = options
  const desks = controllers.map((controller) => ({ ...controller, seen: -1, wake: Infinity }))
  let idleAt = -1
  const hasNews = ({ seen, reads }: Pick<(typeof desks)[number], 'seen' | 'reads'>): boolean =>
    seen < 0 || reads.some((kind) => cluster.changed(kind) > seen)
  return {
    round: (now) => {
      const before = cluster.version()
      for (const desk of desks) {
        if (!hasNews(desk) && desk.wake > now) continue
        desk.seen = cluster.version()
        desk.wake = Infinity
        const wake = (at: number) => void (desk.wake = Math.min(desk.wake, at))
        desk.run(createRound({ ...options, now, wake }))
      }
      idleAt = cluster.version() === before ? before : -1
    },
    isIdle: () => idleAt === cluster.version(),
    wake: () => Math.min(...desks.map(({ wake }) => wake)),
    agenda: () =>
      [idleAt === cluster.version(), ...desks.map((desk) => (hasNews(desk) ? 'news' : desk.wake))].join(),
  }
}
