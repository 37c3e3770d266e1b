// The rollout killed anywhere, with a fault at any call, an act of another person at any write, and two runners in every order with few
// switches and in random ones, on the simulated API server: all that `npm test` plays a small part of. `npm run test:histories` plays the
// pieces two at a time, for `--minutes` at the most, and counts them in its last line; `--replay` plays one order that a failure has told.
// These are no jest tests: Node alone plays them in two thirds of the time.
import { parseArgs } from 'node:util'
import { piecesOf } from './pieces.ts'
import { type PieceVerdict, pool } from './pool.ts'
import { replay } from './search.ts'

const { values } = parseArgs({
  options: {
    kills: { type: 'string' },
    faults: { type: 'string' },
    others: { type: 'string' },
    switches: { type: 'string' },
    schedules: { type: 'string' },
    seed: { type: 'string' },
    minutes: { type: 'string' },
    short: { type: 'boolean', default: false },
    only: { type: 'string' },
    replay: { type: 'string' },
  },
})
/** `--short` is what CI has time for. Minutes is a deadline, not a goal. A short story has fewer acts than its part: of 27,000 some 20,300 are played. */
const usual = values.short
  ? { kills: 1400, faults: 400, others: 400, switches: 1, schedules: 4000, seed: 1, minutes: 8 }
  : { kills: 10_500, faults: 2200, others: 27_000, switches: 3, schedules: 100_000, seed: 1, minutes: 120 }
const number = (name: keyof typeof usual): number => {
  const text = values[name]
  const value = text === undefined ? usual[name] : Number(text)
  if (text !== '' && value >= 0) return value
  console.error(`--${name}: got ${text}, expected a number of 0 or more`)
  process.exit(2)
}
const pieces = piecesOf({
  kills: number('kills'),
  faults: number('faults'),
  others: number('others'),
  switches: number('switches'),
  schedules: number('schedules'),
  seed: number('seed'),
})
const minutes = number('minutes')

const titles = { passed: 'ok   ', failed: 'FAIL ', unfinished: 'left ' }

/** Its counts, or what it broke. */
function said(verdict: PieceVerdict): string {
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
  console.log(played.map(([kind, count]) => `${count} ${kind}`).join(', '))
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
  const count = (kind: PieceVerdict['kind']) => verdicts.filter((one) => one.kind === kind).length
  const left = count('unfinished')
  if (left > 0) console.log(`${left} pieces were not finished within ${minutes} minutes`)
  console.log(`histories: ${count('passed')} passed, ${count('failed')} failed`)
  if (count('failed') > 0) process.exitCode = 1
}
