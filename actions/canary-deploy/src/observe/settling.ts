import type { Clock } from '@alt-las/time'

interface Routes {
  readonly weight: number | null
  readonly accepted: boolean
}

/** How long the gateway has been seen with this very weight and its consent, in monotonic ms. Another runner begins at 0 again: safe. */
export function settling(clock: Clock): (seen: Routes) => number {
  let last: { readonly weight: number | null; readonly since: number } | null = null
  return ({ weight, accepted }) => {
    if (last !== null && last.weight === weight) return clock.elapsed() - last.since
    last = accepted ? { weight, since: clock.elapsed() } : null
    return 0
  }
}
