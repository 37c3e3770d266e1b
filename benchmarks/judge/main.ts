import { mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readScenarios } from './extra.ts'
import { measureAll } from './crew.ts'
import { goals, type Goal } from './goals.ts'
import { picture } from './picture.ts'
import { progressOn } from './progress.ts'
import { head, line, summary } from './table.ts'

const usage = `npm run bench:judge -- [--seed 1] [--rollouts 200] [--peer-rollouts 100] [--scenarios file.json [--alone]] [--only goal,goal] [--threads 2] [--out directory]
goals: ${goals.join(', ')}
--rollouts 2000 is the long form; --threads is every core by default, and changes no figure; --alone measures the file's scenarios only`

// Goals that a file of scenarios may add to.
const own: readonly Goal[] = ['false-rollback', 'wrong-promotion', 'late-rollback', 'late-promotion']

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    rollouts: { type: 'string', default: '200' },
    'peer-rollouts': { type: 'string' },
    scenarios: { type: 'string' },
    alone: { type: 'boolean', default: false },
    only: { type: 'string' },
    threads: { type: 'string', default: String(availableParallelism()) },
    out: { type: 'string', default: 'benchmarks/judge/results' },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log(usage)
} else {
  const rollouts = count('rollouts', values.rollouts)
  const size = {
    seed: count('seed', values.seed),
    rollouts,
    peerRollouts: count('peer-rollouts', values['peer-rollouts'] ?? String(Math.min(200, rollouts))),
    only: (values.only ?? (values.alone ? own : goals).join(',')).split(',').map(toGoal),
    alone: values.alone,
    extra: values.scenarios === undefined ? [] : readScenarios(values.scenarios),
  }
  let goal: Goal | null = null
  const rows = await measureAll(size, Math.max(1, count('threads', values.threads)), {
    row: (row) => {
      if (row.goal !== goal) console.log(head((goal = row.goal)))
      console.log(line(row))
    },
    progress: progressOn(process.stderr, () => performance.now()),
  })
  console.log(`\n${summary(rows).join('\n')}`)
  mkdirSync(values.out, { recursive: true })
  const { seed, peerRollouts } = size
  const document = { schema: 'alt-las-delivery/judge-benchmark/v1', seed, rollouts, peerRollouts, rows }
  writeFileSync(join(values.out, 'judge.json'), `${JSON.stringify(document, null, 2)}\n`)
  writeFileSync(join(values.out, 'judge.svg'), picture(rows, size))
  console.log(`\nwritten: ${join(values.out, 'judge.json')}, ${join(values.out, 'judge.svg')}`)
  process.exitCode = rows.some(({ pass }) => pass === false) ? 1 : 0
}

function count(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new RangeError(`--${name} is ${text}, expected a number\n${usage}`)
}

function toGoal(text: string): Goal {
  const goal = goals.find((name) => name === text)
  if (goal === undefined) throw new RangeError(`--only is ${text}, expected ${goals.join(', ')}`)
  return goal
}
