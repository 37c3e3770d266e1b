import { Failure, describe } from '@alt-las/failure'
import type { Clock } from '@alt-las/time'
import type { ApiRequest, ApiTest } from './request/api-test.ts'
import { capture } from './expect/capture.ts'
import { problemsOf } from './expect/expect.ts'
import type { Http, Reply } from './send/http.ts'
import { fill, type Variables } from './request/variables.ts'

export interface TestPorts {
  readonly http: Http
  readonly clock: Clock
  readonly interrupted: AbortSignal
}

export interface TestPlan {
  readonly url: URL
  readonly timeoutMs: number
  /** Known before the test: `unique` differs from run to run, the others are captured by earlier tests. */
  readonly variables: Variables
  /** One more expectation of each answer; null where it holds. */
  readonly problem?: (request: ApiRequest, reply: Reply) => string | null
}

export interface TestResult {
  readonly ok: boolean
  readonly because: string
  readonly captured: Variables
  /** As sent; null where a variable was missing, so nothing was sent. */
  readonly request: ApiRequest | null
}

/** Sends the test's request until its expectation holds or its time is over. Rejects where the system was not reached. */
export async function runTest(test: ApiTest, plan: TestPlan, ports: TestPorts): Promise<TestResult> {
  const filled = fill(test.request, plan.variables)
  if (filled.kind === 'missing') {
    const names = filled.names.map((name) => `\${${name}}`).join(', ')
    return { ok: false, because: `no earlier answer gave ${names}`, captured: new Map(), request: null }
  }
  const { request } = filled
  const { finding, reply } = await tryUntil({ ...test, request }, plan, ports)
  return { ...finding, captured: reply === null ? new Map() : capture(reply, test.capture), request }
}

interface Finding {
  readonly ok: boolean
  readonly because: string
}

interface Tried {
  readonly finding: Finding
  /** null where the connection broke off. */
  readonly reply: Reply | null
}

async function tryUntil(test: ApiTest, plan: TestPlan, ports: TestPorts): Promise<Tried> {
  const begun = ports.clock.elapsed()
  for (;;) {
    const tried = await tryOnce(test, plan, ports)
    const leftMs = test.eventuallyMs - (ports.clock.elapsed() - begun)
    if (tried.finding.ok || leftMs <= 0) return tried
    await ports.clock.sleep(Math.min(500, leftMs), ports.interrupted)
  }
}

async function tryOnce(test: ApiTest, plan: TestPlan, ports: TestPorts): Promise<Tried> {
  const options = { timeoutMs: plan.timeoutMs, signal: ports.interrupted }
  try {
    const reply = await ports.http.send(plan.url, test.request, options)
    return { finding: judge(test, reply, plan), reply }
  } catch (error) {
    // The system took the request and failed it: a "no". A system that was not reached stays unknown.
    if (error instanceof Failure && (error.code === 'no-answer' || error.code === 'broken-off'))
      return { finding: { ok: false, because: describe(error) }, reply: null }
    throw error
  }
}

function judge(test: ApiTest, reply: Reply, { problem }: TestPlan): Finding {
  const other = problem?.(test.request, reply) ?? null
  const captured = capture(reply, test.capture)
  const problems = [
    ...problemsOf(reply, test.expect),
    ...(other === null ? [] : [other]),
    ...Object.entries(test.capture)
      .filter(([name]) => !captured.has(name))
      .map(([name, path]) => `the answer holds nothing at ${path} for \${${name}}`),
  ]
  const request = `${test.request.method} ${test.request.path}`
  if (problems.length > 0) return { ok: false, because: `${request}: ${problems.join('; ')}` }
  return { ok: true, because: `${request} answered ${reply.status} in ${reply.ms.toFixed(0)} ms` }
}
