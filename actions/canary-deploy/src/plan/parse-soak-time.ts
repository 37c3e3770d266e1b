import { duration } from '@alt-las/runner'

/** How long the old version is kept, in ms. */
export interface SoakTime {
  readonly ms: number
  /** The same after a release that users' traffic did not judge; at most `ms`. */
  readonly quietMs: number
}

/** `5m`: always; `5m, quiet 30s`: shorter where `on-quiet` took `synthetic` or `smoke`. Throws an Error that reads `got X, expected Y`. */
export function parseSoakTime(raw: string, name: string): SoakTime {
  const [, usual = raw, quiet] = /^([^,]*),\s*quiet\s+(\S+)\s*$/.exec(raw) ?? []
  const ms = duration(usual.trim(), name)
  const quietMs = quiet === undefined ? ms : duration(quiet, name)
  if (quietMs > ms)
    throw new Error(`got ${JSON.stringify(raw)}, expected a quiet time of at most ${usual.trim()}`)
  return { ms, quietMs }
}

/** The same time whatever judged the release. */
export const always = (ms: number): SoakTime => ({ ms, quietMs: ms })
