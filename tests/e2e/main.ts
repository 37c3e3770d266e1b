// The end-to-end cases on the local stack, in the order in which a team would live through them. `node tests/e2e/main.ts [name…]`
// runs all of them but those that are apart, or those named; `--shared` those of all that bear other work on the machine, `--quiet` those
// that do not; the last line counts them.
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { cases } from './cases/index.ts'
import { releasesOf } from './releases.ts'
import { openStack } from './stack.ts'

const root = join(import.meta.dirname, '../..')
const stack = openStack({ root, home: process.env['ALT_LAS_LAB_HOME'] ?? '/var/lib/alt-las-lab' })
const releases = releasesOf(root)
const { values: only, positionals: asked } = parseArgs({
  allowPositionals: true,
  options: { shared: { type: 'boolean', default: false }, quiet: { type: 'boolean', default: false } },
})
const unknown = asked.filter((name) => !cases.some((one) => one.name === name))
if (unknown.length > 0 || (only.shared && only.quiet)) {
  const names = cases.map(({ name }) => name).join(', ')
  console.error(
    `got ${process.argv.slice(2).join(' ')}, expected --shared or --quiet or none, and names of ${names}`,
  )
  process.exit(2)
}
const chosen = cases.filter(({ name, apart = false, quiet = false }) => {
  const isMeant = asked.length === 0 ? !apart : asked.includes(name)
  return isMeant && !(only.shared && quiet) && !(only.quiet && !quiet)
})
const verdicts: string[] = []

for (const one of chosen) {
  console.log(`\n=== ${one.name}: ${one.title}`)
  const begun = performance.now()
  const seconds = () => `${((performance.now() - begun) / 1000).toFixed(0)} s`
  try {
    await one.run({ stack, releases })
    verdicts.push(`ok    ${one.name} (${seconds()}): ${one.title}`)
  } catch (error) {
    verdicts.push(
      `FAIL  ${one.name} (${seconds()}): ${error instanceof Error ? error.message : String(error)}`,
    )
    process.exitCode = 1
    // The cases build upon each other: what follows a broken one would only repeat its cause.
    if (one.fatal === true) break
  }
  console.log(verdicts.at(-1))
}

console.log(`\n${verdicts.join('\n')}`)
const passed = verdicts.filter((line) => line.startsWith('ok')).length
console.log(`e2e: ${String(passed)} passed, ${String(chosen.length - passed)} failed`)
// What a broken case has left open keeps nobody waiting.
process.exit()
