// The rollout killed anywhere, with a fault at any call, and two runners in every order with few switches and in random ones, on the
// simulated API server: all that `npm test` plays a small part of. `npm run test:histories` plays the pieces two at a time, for `--minutes` at
// the most, and counts them in its last line; `--replay` plays one order that a failure has told. These are no jest tests: Node alone plays
// them in two thirds of the time.
import { parseArgs } from 'node:util'
import { replay } from '../../actions/canary-deploy/src/simulated/histories/search.ts'
import { piecesOf } from './pieces.ts'
import { pool, type Verdict } from './pool.ts'

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '10500' },
    faults: { type: 'string', default: '2200' },
    switches: { type: 'string', default: '3' },
    schedules: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '120' },
    only: { type: 'string' },
    replay: { type: 'string' },
  },
})
const number = (name: 'kills' | 'faults' | 'switches' | 'schedules' | 'seed' | 'minutes'): number => {
  const value = Number(values[name])
  if (values[name] !== '' && value >= 0) return value
  console.error(`--${name}: got ${values[name]}, expected a number of 0 or more`)
  process.exit(2)
}
const pieces = piecesOf({
  kills: number('kills'),
  faults: number('faults'),
  switches: number('switches'),
  schedules: number('schedules'),
  seed: number('seed'),
})
const minutes = number('minutes')

const titles = { passed: 'ok   ', failed: 'FAIL ', unfinished: 'left ' }

/** Its counts, or what it broke. */
function said(verdict: Verdict): string {
  if (verdict.kind === 'unfinished') return ''
  const { kind, output, seconds } = verdict
  return ` (${seconds.toFixed(0)} s): ${kind === 'passed' ? output : `\n${output}`}`
}

if (values.replay !== undefined) {
  await replay(values.replay)
  console.log('it breaks nothing')
} else if (values.only !== undefined) {
  const piece = pieces.find(({ name }) => name === values.only)
  if (piece === undefined) {
    console.error(`--only: got ${values.only}, expected one of ${pieces.map(({ name }) => name).join('; ')}`)
    process.exit(2)
  }
  const played = Object.entries(await piece.play())
  console.log(played.map(([kind, count]) => `${String(count)} ${kind}`).join(', '))
} else {
  const names = pieces.map(({ name }) => name)
  const verdicts = await pool(names, {
    width: 2,
    withinMs: minutes * 60_000,
    argumentsOf: (name) => [
      // Room for the states of the longest pairs; young objects are many, and short-lived.
      ...['--max-old-space-size=8192', '--max-semi-space-size=64'],
      ...[import.meta.filename, ...process.argv.slice(2), '--only', name],
    ],
    ended: (name, verdict) => {
      console.log(`${titles[verdict.kind]} ${name}${said(verdict)}`)
    },
  })
  const count = (kind: Verdict['kind']) => verdicts.filter((one) => one.kind === kind).length
  const left = count('unfinished')
  if (left > 0) console.log(`${String(left)} pieces were not finished within ${String(minutes)} minutes`)
  console.log(`histories: ${String(count('passed'))} passed, ${String(count('failed'))} failed`)
  if (count('failed') > 0) process.exitCode = 1
}
