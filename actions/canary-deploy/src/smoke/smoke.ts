import {
  type ApiTest,
  type Http,
  type TestResult,
  type Variables,
  runTest,
  withSession,
} from '@alt-las/api-tests'
import { describe, errorCode } from '@alt-las/failure'
import type { PassThrough } from '@alt-las/kubernetes'
import type { Smoke, SmokeCheck, SmokeResult, SmokeTarget } from '@alt-las/rollout'
import { type Clock, formatDuration } from '@alt-las/time'
import { proxiedHttp } from './proxied-http.ts'

export interface SmokePorts {
  readonly forward: PassThrough
  readonly clock: Clock
  readonly interrupted: AbortSignal
  /** Differs from run to run; lower-case letters and digits. */
  readonly unique: string
}

/** Of one request. */
const timeoutMs = 10_000
/** A ready pod may be unknown to the API server's own network for some seconds. */
const settleMs = 15_000
const pauseMs = 1000
/** Of all tests together. */
const mostMs = 300_000
/** Of one sentence: the results are saved. */
const mostCharacters = 400

/** API tests against the new version alone, through the API server's proxy. */
export function smoke(ports: SmokePorts): Smoke {
  return {
    run: async (tests, target) => {
      const begun = ports.clock.elapsed()
      let variables: Variables = new Map([['unique', ports.unique]])
      const checks: SmokeCheck[] = []
      const http = withSession(proxiedHttp(target, ports.forward), ports.clock)
      for (const test of tests) {
        const { check, captured } = await timed(test, { http, variables, begun }, ports)
        checks.push(check)
        variables = new Map([...variables, ...captured])
        // The others would wait for the same.
        if (check.outcome === 'failed') break
      }
      return concluded(checks, tests.length, target)
    },
  }
}

interface Course {
  readonly http: Http
  readonly variables: Variables
  readonly begun: number
}

async function timed(
  test: ApiTest,
  course: Course,
  ports: SmokePorts,
): Promise<{ readonly check: SmokeCheck; readonly captured: Variables }> {
  const { clock, interrupted } = ports
  const since = clock.elapsed()
  const checked = (outcome: SmokeCheck['outcome'], because: string): SmokeCheck => ({
    name: short(test.name),
    outcome,
    because: short(because),
    ms: Math.round(clock.elapsed() - since),
  })
  try {
    if (since - course.begun >= mostMs)
      throw new Error(`it was not run: all tests together have ${formatDuration(mostMs)}`)
    const { ok, because, captured } = await reached(test, course, ports)
    return { check: checked(ok ? 'passed' : 'refused', ok ? because : withShare(test, because)), captured }
  } catch (error) {
    interrupted.throwIfAborted()
    return { check: checked('failed', describe(error)), captured: new Map() }
  }
}

/** Only a connection that is not there yet is tried again, and only at the beginning. */
async function reached(test: ApiTest, course: Course, ports: SmokePorts): Promise<TestResult> {
  const { http, variables, begun } = course
  const { clock, interrupted } = ports
  const plan = { url: new URL('http://new-version'), timeoutMs, variables }
  const leftMs = mostMs - (clock.elapsed() - begun)
  const limited = { ...test, eventuallyMs: Math.min(test.eventuallyMs, leftMs) }
  for (;;) {
    try {
      return await runTest(limited, plan, { http, clock, interrupted })
    } catch (error) {
      interrupted.throwIfAborted()
      if (errorCode(error) !== 'unreachable' || clock.elapsed() - begun >= settleMs) throw error
      await clock.sleep(pauseMs, interrupted)
    }
  }
}

const withShare = ({ expect }: ApiTest, because: string): string =>
  expect.latencyMs === null ? because : `${because} (times include the API server's proxy)`

function concluded(checks: readonly SmokeCheck[], count: number, target: SmokeTarget): SmokeResult {
  const bad =
    checks.find(({ outcome }) => outcome === 'failed') ?? checks.find(({ outcome }) => outcome === 'refused')
  const by = `by the ${target.kind} ${target.name}:${target.port} through the API server`
  if (bad === undefined) return { outcome: 'passed', because: `all ${count} API tests passed ${by}`, checks }
  const refused = checks.filter(({ outcome }) => outcome === 'refused').length
  const because =
    bad.outcome === 'failed'
      ? `the API test ${bad.name} could not be done ${by}: ${bad.because}`
      : `${refused} of ${count} API tests ${refused === 1 ? 'was' : 'were'} refused ${by}: ${bad.name}: ${bad.because}`
  return { outcome: bad.outcome, because, checks }
}

const short = (text: string): string =>
  text.length > mostCharacters ? `${text.slice(0, mostCharacters - 1)}…` : text
