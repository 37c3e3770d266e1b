import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** A short name for everything that a build depends on: same inputs, same key. */
export function keyOf(inputs: readonly string[]): string {
  const hash = createHash('sha256')
  // The length goes first, so that ['ab', 'c'] and ['a', 'bc'] differ.
  for (const input of inputs) hash.update(`${input.length}:${input}`)
  return hash.digest('hex').slice(0, 16)
}

/** Every file beneath the folder as `path` and content, in the order of the paths. */
export function contentsOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .filter((name) => !name.endsWith('.test.ts') && statSync(join(folder, name)).isFile())
    .flatMap((name) => [name, readFileSync(join(folder, name), 'utf8')])
}
