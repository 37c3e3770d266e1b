import type { ApiTest } from '@alt-las/api-tests'
import { describe } from '@alt-las/failure'
import { type Parser, list } from '@alt-las/runner'
import { uncarried, unjudged } from './carried.ts'

/** The tests of a file. Throws a Failure where it cannot be read, or that lists what is wrong with it. */
export type SmokeAt = (path: string) => readonly ApiTest[]

/** The tests are saved with the plan, and their results with the rollout, in one ConfigMap. */
const mostTests = 100
const mostKib = 64

/** The API tests of all files, one path a line; throws an Error that lists every problem of every file. */
export function parseSmoke(smokeAt: SmokeAt): Parser<readonly ApiTest[]> {
  return (raw, name) => {
    const problems: string[] = []
    const tests = list(raw, name).flatMap((path) => {
      try {
        const own = smokeAt(path)
        problems.push(...own.flatMap((test) => [...cannotBeSent(test, path), ...cannotBeSaved(test, path)]))
        return own
      } catch (error) {
        problems.push(describe(error))
        return []
      }
    })
    problems.push(...tooLarge(tests))
    if (problems.length > 0) throw new Error(problems.join('; '))
    return tests
  }
}

const cannotBeSent = (test: ApiTest, path: string): readonly string[] =>
  [...uncarried(test.request), ...unjudged(test)].map(
    (why) =>
      `${path}: ${test.name}: got ${test.request.method} ${test.request.path}, expected what the API server's proxy carries unchanged: ${why}; leave the test to \`verify\``,
  )

/** A plan is JSON, whose readers round such integers. */
const cannotBeSaved = (test: ApiTest, path: string): readonly string[] =>
  holdsBigint(test.expect)
    ? [
        `${path}: ${test.name}: got an expected integer beyond 2^53, expected one that a plan keeps exactly; leave the test to \`verify\``,
      ]
    : []

function holdsBigint(value: unknown): boolean {
  if (typeof value === 'bigint') return true
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsBigint)
}

const withoutBigint = (_: string, value: unknown) => (typeof value === 'bigint' ? `${value}` : value)

function tooLarge(tests: readonly ApiTest[]): readonly string[] {
  const kib = Math.ceil(Buffer.byteLength(JSON.stringify(tests, withoutBigint)) / 1024)
  return [
    ...(tests.length > mostTests ? [`got ${tests.length} tests, expected at most ${mostTests}`] : []),
    ...(kib > mostKib
      ? [
          `got tests of ${kib} KiB, expected at most ${mostKib} KiB: they are saved with the plan in a ConfigMap`,
        ]
      : []),
  ]
}
