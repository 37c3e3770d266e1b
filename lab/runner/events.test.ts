import { describe, expect, test } from '@jest/globals'
import { readLine } from './events.ts'

const at = 7
const entry = (fields: object): string =>
  JSON.stringify({
    level: 'info',
    job: 'ci/build-1',
    jobID: 'build',
    matrix: { service: 'archive' },
    ...fields,
  })
const step = { step: 'Scan', stepID: ['scan'], stage: 'Main' }
const where = { at, job: 'build (archive)', step: 'Scan' }

describe('a line of the runner', () => {
  test.each([
    [entry({ ...step, msg: '⭐ Run Main Scan' }), { kind: 'step-began', ...where }],
    [entry({ ...step, raw_output: true, msg: 'hello\r\n' }), { kind: 'output', ...where, text: 'hello' }],
    [
      entry({ ...step, stepResult: 'failure', executionTime: 2_500_000_000, msg: '❌' }),
      { kind: 'step-ended', ...where, result: 'failure', took: 2500 },
    ],
    [
      entry({ ...step, stepResult: 0, executionTime: 1e6, msg: '✅' }),
      { kind: 'step-ended', ...where, result: 'success', took: 1 },
    ],
    [entry({ ...step, command: 'group', arg: 'scan', msg: '' }), { kind: 'group', ...where, title: 'scan' }],
    [entry({ ...step, command: 'endgroup', msg: '' }), { kind: 'group-ended', ...where }],
    [
      entry({
        ...step,
        level: 'error',
        command: 'error',
        arg: 'no',
        kvPairs: { file: 'Dockerfile', line: '3', title: 'USER' },
        msg: '',
      }),
      { kind: 'annotation', ...where, level: 'error', text: 'USER: no (Dockerfile:3)' },
    ],
    [
      entry({ ...step, command: 'summary', content: '# page', msg: '' }),
      { kind: 'summary', ...where, text: '# page' },
    ],
    [
      entry({ jobResult: 'success', msg: '🏁' }),
      { kind: 'job-ended', at, job: 'build (archive)', result: 'success' },
    ],
    ['panic: broken', { kind: 'runner', at, level: 'info', text: 'panic: broken' }],
  ])('%s', (line, expected) => {
    expect(readLine(line, at)).toEqual(expected)
  })

  test.each([
    [
      'a step within a composite action',
      entry({ ...step, stepID: ['setup', 'inner'], msg: '⭐ Run Main inner' }),
    ],
    ['the runner’s own housekeeping', entry({ ...step, stage: 'Pre', msg: '⭐ Run Pre Scan' })],
    ['a mask', entry({ ...step, command: 'add-mask', arg: 'x', msg: '***' })],
    ['chatter', JSON.stringify({ level: 'info', msg: 'Using docker host' })],
    ['an empty line', ''],
  ])('%s gives no event', (_, line) => {
    expect(readLine(line, at)).toBeNull()
  })

  test('the commit that an action is pinned to is left out of its name', () => {
    const line = entry({ ...step, step: `actions/upload-artifact@${'a'.repeat(40)}`, msg: '⭐ Run Main' })
    expect(readLine(line, at)).toMatchObject({ step: 'actions/upload-artifact' })
  })
})
