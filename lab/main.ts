import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Lab } from './base/lab.ts'
import { realClock, sayTo } from './base/say.ts'
import { down } from './down.ts'
import { up } from './up.ts'

const home = process.env['ALT_LAS_LAB_HOME'] ?? '/var/lib/alt-las-lab'
const caches = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache')
const environment = Object.fromEntries(
  Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
)

const lab: Lab = {
  repository: dirname(dirname(fileURLToPath(import.meta.url))),
  home,
  cache: join(caches, 'alt-las-lab'),
  say: sayTo((line) => process.stdout.write(line), realClock),
  clock: realClock,
  environment,
}

try {
  const command = process.argv[2]
  if (command === 'up') await up(lab)
  if (command === 'down') await down(lab)
} catch (error) {
  lab.say(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
