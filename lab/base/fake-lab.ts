import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Lab } from './lab.ts'

/** A lab for tests: folders of its own, a clock that only moves when somebody sleeps, and what was said. */
export function fakeLab(): Lab & { readonly said: string[] } {
  const folder = mkdtempSync(join(tmpdir(), 'lab-'))
  const said: string[] = []
  let time = 0
  return {
    repository: folder,
    home: join(folder, 'home'),
    cache: join(folder, 'cache'),
    environment: {},
    said,
    say: (text) => said.push(text),
    print: (text) => said.push(text),
    clock: {
      now: () => time,
      sleep: (milliseconds) => {
        time += milliseconds
        return new Promise((resolve) => setImmediate(resolve))
      },
    },
  }
}
