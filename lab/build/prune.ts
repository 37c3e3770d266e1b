import { existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Lab } from '../base/lab.ts'

export interface Entry {
  readonly name: string
  /** Milliseconds since the epoch of its last use. */
  readonly used: number
}

/** Of each thing the two that were used last stay; halves of interrupted builds go. */
export function superfluous(entries: readonly Entry[]): readonly string[] {
  const kept = new Map<string, number>()
  return [...entries]
    .sort((a, b) => b.used - a.used)
    .filter(({ name }) => {
      const thing = /^(.+)-[0-9a-f]{16}$/.exec(name)?.[1]
      if (thing === undefined) return true
      kept.set(thing, (kept.get(thing) ?? 0) + 1)
      return (kept.get(thing) ?? 0) > 2
    })
    .map((entry) => entry.name)
}

/** Keeps the cache from growing with every change of what is built. */
export function pruneCache(lab: Lab): void {
  if (!existsSync(lab.cache)) return
  const entries = readdirSync(lab.cache).map((name) => ({
    name,
    used: statSync(join(lab.cache, name)).mtimeMs,
  }))
  for (const name of superfluous(entries)) rmSync(join(lab.cache, name), { recursive: true, force: true })
}
