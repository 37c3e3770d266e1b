import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Lab } from './lab.ts'

/** A lab for tests: folders of its own, a clock that only moves during a sleep, and every line that was logged. */
export function fakeLab(): Lab & { readonly logged: string[] } {
  const folder = mkdtempSync(join(tmpdir(), 'lab-'))
  const logged: string[] = []
  let time = 0
  return {
    repository: folder,
    home: join(folder, 'home'),
    cache: join(folder, 'cache'),
    environment: {},
    logged,
    log: (text) => logged.push(text),
    print: (text) => logged.push(text),
    clock: {
      now: () => time,
      sleep: (milliseconds) => {
        time += milliseconds
        return new Promise((resolve) => setImmediate(resolve))
      },
    },
  }
}
