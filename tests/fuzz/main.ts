// Every parser of foreign text, 100,000 times each: what `npm test` plays 2,000 of. A failure prints the options that play it alone.
import { parseArgs } from 'node:util'
import { play } from './harness.ts'
import { targets } from './targets.ts'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '20261201' },
    path: { type: 'string' },
    only: { type: 'string' },
  },
})
const [runs, seed] = [Number(values.runs), Number(values.seed)]
if (!Number.isSafeInteger(runs) || runs < 1 || !Number.isSafeInteger(seed)) {
  console.error(`got --runs ${values.runs} --seed ${values.seed}, expected whole numbers`)
  process.exit(2)
}
const chosen = targets.filter(({ name }) => values.only === undefined || name === values.only)
if (chosen.length === 0) {
  console.error(`--only: got ${values.only}, expected one of ${targets.map(({ name }) => name).join('; ')}`)
  process.exit(2)
}
let failed = 0
for (const target of chosen) {
  const begun = process.threadCpuUsage()
  try {
    await play(target, {
      runs,
      seed,
      limitMs: 30 * 60_000,
      ...(values.path === undefined ? {} : { path: values.path }),
    })
    const { user, system } = process.threadCpuUsage(begun)
    console.log(`ok    ${target.name} (${((user + system) / 1e6).toFixed(1)} s of CPU)`)
  } catch (error) {
    failed += 1
    console.log(`FAIL  ${error instanceof Error ? error.message : String(error)}`)
  }
}
console.log(`fuzz: ${chosen.length - failed} parsers passed, ${failed} failed, ${runs} inputs each`)
if (failed > 0) process.exitCode = 1
