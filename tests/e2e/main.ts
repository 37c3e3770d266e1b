// The end-to-end cases on the local stack, in the order in which a team would live through them. `node tests/e2e/main.ts [name…]`
// runs all of them but those that are apart, or those named; the last line counts them.
import { join } from 'node:path'
import { cases } from './cases/index.ts'
import { releasesOf } from './releases.ts'
import { openStack } from './stack.ts'

const root = join(import.meta.dirname, '../..')
const stack = openStack({ root, home: process.env['ALT_LAS_LAB_HOME'] ?? '/var/lib/alt-las-lab' })
const releases = releasesOf(root)
const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !cases.some((one) => one.name === name))
if (unknown.length > 0) {
  console.error(`got ${unknown.join(', ')}, expected names of ${cases.map(({ name }) => name).join(', ')}`)
  process.exit(2)
}
const chosen = cases.filter((one) => (asked.length === 0 ? one.apart !== true : asked.includes(one.name)))
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
