// All checks that need more than `npm test`: `npm run test:long` runs every one of them and can be interrupted and run again, since it keeps
// what has passed on this commit; `--core` runs the end-to-end cases that CI asks for. Each ends at its own deadline.
import { homedir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { bringUp, cancelRun, describeCluster } from './lab.ts'
import { passedBefore, sourcesOf } from './passed-before.ts'
import { checks, chosen, core, foundation, long } from './plans.ts'
import { play } from './play.ts'
import { playRounds } from './rounds.ts'
import { listLine, partLines, verdictLine } from './summary.ts'

const usage = `npm run test:long -- [--list] [--core] [--only NAME]… [--fresh] [--minutes N]
--list     the checks, their deadlines, and which of them have passed on this commit
--core     the end-to-end cases that CI runs; keeps nothing; plays what failed once more at the end
--only     this check; may be repeated. It runs even where it has passed
--fresh    forgets what has passed on this commit
--minutes  begins nothing after so many minutes, and ends what runs then`

const { values } = parseArgs({
  options: {
    list: { type: 'boolean', default: false },
    core: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    fresh: { type: 'boolean', default: false },
    minutes: { type: 'string', default: '600' },
    help: { type: 'boolean', default: false },
  },
})
const unknown = values.only.filter((name) => !checks.some((check) => check.name === name))
const minutes = Number(values.minutes)
if (values.help) exit(0, usage)
if (unknown.length > 0)
  exit(2, `--only: got ${unknown.join(', ')}, expected ${checks.map(({ name }) => name).join(', ')}`)
if (!(minutes > 0)) exit(2, `--minutes: got ${values.minutes}, expected a number above 0`)

const root = join(import.meta.dirname, '../..')
const home = process.env['ALT_LAS_LAB_HOME'] ?? '/var/lib/alt-las-lab'
const state = process.env['XDG_STATE_HOME'] ?? join(homedir(), '.local/state')
const before = passedBefore(join(state, 'alt-las/checks.json'), sourcesOf(root), values.fresh)
const rounds = chosen(values.core ? core : long, values.only)
const names = rounds.flat(2)
if (values.list) {
  for (const check of checks) {
    const marks = [
      ...(core.flat(2).includes(check.name) ? ['core'] : []),
      ...(before.seconds.has(check.name) ? ['passed'] : []),
    ]
    console.log(listLine(check, marks.join(', ')))
  }
  exit(0)
}

const kept = values.core || values.only.length > 0 ? new Map<string, number>() : before.seconds
const deadline = performance.now() + minutes * 60_000
const leftMs = () => deadline - performance.now()
const door = { root, home, print: console.log }
const needsLab = checks.some(({ name, needsLab }) => needsLab && names.includes(name) && !kept.has(name))
if (needsLab && !(await bringUp(door))) exit(1, 'the lab does not come up: npm run lab -- up')

// The checks have process groups of their own: a signal of the terminal does not reach them.
const interruption = new AbortController()
for (const name of ['SIGINT', 'SIGTERM'] as const)
  process.once(name, () => {
    interruption.abort()
  })

const verdicts = await playRounds(rounds, {
  checks,
  kept,
  foundation,
  again: values.core,
  hasTime: () => leftMs() > 0 && !interruption.signal.aborted,
  play: (check, alone) => {
    console.log(`\n=== ${check.name}: ${check.title}`)
    const print = (line: string) => {
      console.log(alone ? `  ${line}` : `${check.name} | ${line}`)
    }
    const late = async () => {
      if (!check.needsLab) return
      await describeCluster({ ...door, print })
      await cancelRun({ ...door, print })
    }
    return play(check, { root, print, leftMs: leftMs(), late, interrupted: interruption.signal })
  },
  ended: (verdict) => {
    console.log(verdictLine(verdict))
    if (verdict.kind === 'passed') before.add(verdict.check.name, verdict.seconds)
  },
})

console.log(`\n${verdicts.map(verdictLine).join('\n')}\n`)
for (const line of partLines(verdicts)) console.log(line)
exit(verdicts.some(({ failed }) => failed > 0) ? 1 : 0)

function exit(code: number, text?: string): never {
  if (text !== undefined) console.log(text)
  process.exit(code)
}
