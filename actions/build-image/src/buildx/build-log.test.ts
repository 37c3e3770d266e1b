import { describe, expect, test } from '@jest/globals'
import { inTime } from '@alt-las/time'
import { describeError, readBuildError } from './build-log.ts'
import { failedCache, failedInstall, failedTest, unknownBase } from '../testing/logs.ts'

describe('readBuildError', () => {
  test('names the step, its stage, the line of the Dockerfile and the end of its output', () => {
    const error = readBuildError(failedTest)
    expect(error).toMatchObject({
      line: 5,
      step: { stage: 'test', tail: 'one\nnot ok 1 - adds at /app/add.test.js:12' },
    })
    expect(describeError(error, 'svc/Dockerfile')).toBe(
      '[test 1/1] RUN echo one &&     FAIL=3 sh /app/app.sh at svc/Dockerfile:5: ended with exit code: 3\none\nnot ok 1 - adds at /app/add.test.js:12',
    )
  })

  test('a step that was only cancelled is not the one that failed', () => {
    expect(readBuildError(failedInstall).step).toMatchObject({
      name: '[deps 3/3] RUN ["npm", "ci"]',
      stage: 'deps',
    })
  })

  test("BuildKit's own steps have no stage", () => {
    expect(readBuildError(failedCache)).toMatchObject({
      line: null,
      step: { name: 'exporting cache to registry', stage: null },
    })
    expect(readBuildError(unknownBase).message).toMatch('not found')
  })

  test.each<[string, string, string]>([
    ['silence', '', 'the builder gave no reason'],
    ['a word before the build', 'ERROR: no builder "x" found\n', 'no builder "x" found'],
  ])('%s', (_, log, said) => {
    expect(describeError(readBuildError(log), 'Dockerfile')).toBe(said)
  })

  test.each<[string, string | null]>([
    ['#1 [linux/arm64 test 3/3] RUN x', 'test'],
    ['#1 [stage-1 2/4] COPY a b', 'stage-1'],
    ['#1 [Build  2/14] RUN x', 'build'],
    ['#1 [internal] load build context', null],
  ])('the stage of %s is %s', (line, stage) => {
    expect(readBuildError(`${line}\n#1 ERROR: x`).step?.stage).toBe(stage)
  })

  test('of a long output the end is kept', () => {
    const lines = Array.from({ length: 100 }, (_, index) => `#1 0.1 line ${index}`)
    expect(
      readBuildError(['#1 [a 1/1] RUN x', ...lines, '#1 ERROR: x'].join('\n')).step?.tail.split('\n'),
    ).toHaveLength(25)
  })

  test('a line of digits takes linear time', () => {
    const log = `${'1'.repeat(200_000)}x:7\n${'-'.repeat(20)}\nERROR: x`
    expect(inTime('it', () => readBuildError(log).line, 20_000)).toBe(7)
  })
})
