import { expect, test } from '@jest/globals'
import type { RunEvent } from './events.ts'
import { renderer } from './render.ts'
import { drawTimeline, timeline } from './timeline.ts'

const step = (
  job: string,
  name: string,
  from: number,
  to: number,
  result = 'success',
): readonly RunEvent[] => [
  { kind: 'step-began', at: from, job, step: name },
  { kind: 'step-ended', at: to, job, step: name, result, took: to - from },
]
const ended = (job: string, at: number, result = 'success'): RunEvent => ({
  kind: 'job-ended',
  at,
  job,
  result,
})

const events: readonly RunEvent[] = [
  ...step('build (a)', 'Scan', 0, 4000),
  ended('build (a)', 4000),
  ...step('build (b)', 'Scan', 3000, 9000),
  ended('build (b)', 9000),
  ...step('deploy', 'Roll out', 11_000, 20_000, 'failure'),
  ended('deploy', 20_000, 'failure'),
]

test('a job waited for the last job that it needs, and then for a free runner', () => {
  const jobs = timeline(events, { deploy: ['build'] })
  expect(jobs.map((job) => [job.name, job.began, job.ended, job.after, job.waited])).toEqual([
    ['build (a)', 0, 4000, null, 0],
    ['build (b)', 3000, 9000, null, 3000],
    ['deploy', 11_000, 20_000, 'build (b)', 2000],
  ])
})

test('the timeline shows own times as bars, and in words what was waiting', () => {
  expect(
    drawTimeline(timeline(events, { deploy: ['build'] })).map((line) => line.replace(/ +/g, ' ')),
  ).toEqual([
    'build (a) │████████ │ 4.0s success',
    ' Scan │▒▒▒▒▒▒▒▒ │ 4.0s',
    'build (b) │ ████████████ │ 6.0s success; waited 3.0s for a free runner',
    ' Scan │ ▒▒▒▒▒▒▒▒▒▒▒▒ │ 6.0s',
    'deploy │ ██████████████████│ 9.0s failure; waited for build (b), then 2.0s for a free runner',
    ' Roll out │ ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒│ 9.0s failure',
  ])
})

test('groups are folded into a line, and unfolded where the step fails in them', () => {
  const render = renderer()
  const at = { at: 61_000, job: 'build', step: 'Scan' }
  const shown = (
    [
      { kind: 'group', ...at, title: 'database' },
      { kind: 'output', ...at, text: 'one' },
      { kind: 'group-ended', ...at },
      { kind: 'output', ...at, text: 'plain' },
      { kind: 'group', ...at, title: 'scan' },
      { kind: 'output', ...at, text: 'the cause' },
      { kind: 'step-ended', ...at, result: 'failure', took: 1000 },
    ] satisfies readonly RunEvent[]
  ).flatMap((event) => [...render(event)])
  expect(shown).toEqual([
    '01:01 [build/Scan] ▸ database (1 lines, 0.0s)',
    '01:01 [build/Scan] plain',
    '01:01 [build/Scan] │ the cause',
    '01:01 [build/Scan] ✘ failure (1.0s)',
  ])
})
