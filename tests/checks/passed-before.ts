import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** What has passed on one state of the sources, kept in a file outside the repository. */
export interface PassedBefore {
  readonly seconds: ReadonlyMap<string, number>
  add(name: string, seconds: number): void
}

interface Kept {
  readonly sources: string
  readonly passed: Readonly<Record<string, number>>
}

/** Another state of the sources, or `fresh`, begins with nothing. */
export function passedBefore(file: string, sources: string, fresh: boolean): PassedBefore {
  const before = fresh ? null : read(file)
  const seconds = new Map(before?.sources === sources ? Object.entries(before.passed) : [])
  return {
    seconds,
    add: (name, took) => {
      seconds.set(name, took)
      mkdirSync(dirname(file), { recursive: true })
      const kept: Kept = { sources, passed: Object.fromEntries(seconds) }
      writeFileSync(file, JSON.stringify(kept, null, 2) + '\n')
    },
  }
}

/** The commit, and a digest of what is not committed. */
export function sourcesOf(root: string): string {
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 })
  const changes = git('diff', 'HEAD') + git('status', '--porcelain')
  const digest = createHash('sha256').update(changes).digest('hex').slice(0, 12)
  return git('rev-parse', 'HEAD').trim() + (changes === '' ? '' : `+${digest}`)
}

function read(file: string): Kept | null {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'))
    return isKept(value) ? value : null
  } catch {
    return null
  }
}

function isKept(value: unknown): value is Kept {
  if (typeof value !== 'object' || value === null) return false
  const { sources, passed } = value as Partial<Kept>
  return typeof sources === 'string' && typeof passed === 'object'
}
