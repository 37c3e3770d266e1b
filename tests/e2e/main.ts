// One end-to-end case on the local stack: `node tests/e2e/main.ts NAME`. tests/checks runs several, each with its deadline.
import { join } from 'node:path'
import { cases } from './cases/index.ts'
import { provide } from './prepared.ts'
import { releasesOf } from './releases.ts'
import { openStack } from './stack.ts'

const root = join(import.meta.dirname, '../..')
const asked = process.argv[2] ?? ''
const one = cases.find(({ name }) => name === asked)
if (one === undefined) {
  console.error(`got ${asked}, expected one of ${cases.map(({ name }) => name).join(', ')}`)
  process.exit(2)
}

const stack = openStack({ root, home: process.env['ALT_LAS_LAB_HOME'] ?? '/var/lib/alt-las-lab' })
const world = { stack, releases: releasesOf(root) }
try {
  await provide(world, one.needs)
  await one.run(world)
} catch (error) {
  console.log(error instanceof Error ? (error.stack ?? error.message) : String(error))
  process.exitCode = 1
}
// Handles left open by a broken case must not delay the exit.
process.exit()
