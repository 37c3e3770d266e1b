import { Failure, describe } from '@alt-las/failure'
import type { Clock } from '@alt-las/time'
import { no, yes, type Check, type CheckRunner, type CheckFinding, type Learned } from '../check.ts'
import type { Http, Reply } from '../http.ts'
import type { ApiTest } from './api-test.ts'
import { capture, problemsOf } from './expect.ts'
import type { Openapi, Operation } from './openapi.ts'
import { fill, type Variables } from './variables.ts'

export interface ApiPorts {
  readonly http: Http
  readonly clock: Clock
  readonly interrupted: AbortSignal
  readonly checks: CheckRunner
}

export interface TestPlan {
  readonly url: URL
  readonly tests: readonly ApiTest[]
  readonly openapi: Openapi | null
  readonly timeoutMs: number
  /** Known before the first test; `unique` differs from run to run. */
  readonly variables: Variables
}

export interface TestRun {
  readonly checks: readonly Check[]
  /** Those of the plan and the captured ones. */
  readonly variables: Variables
  readonly covered: ReadonlySet<Operation>
}

/** The tests in their order, each with the values that the earlier ones captured. */
export async function runTests(plan: TestPlan, ports: ApiPorts): Promise<TestRun> {
  let run: TestRun = { checks: [], variables: plan.variables, covered: new Set() }
  for (const test of plan.tests) {
    const { variables } = run
    const attempt = await ports.checks.learn('api', test.name, () =>
      runTest(test, { ...plan, variables }, ports),
    )
    const { captured, operation } = attempt.kind === 'done' ? attempt.value : nothing
    run = {
      checks: [...run.checks, attempt.check],
      variables: new Map([...variables, ...captured]),
      covered: operation === null ? run.covered : new Set([...run.covered, operation]),
    }
  }
  return run
}

interface Answered {
  readonly captured: Variables
  /** Of the OpenAPI document; null where none was reached, or none is known. */
  readonly operation: Operation | null
}

const nothing: Answered = { captured: new Map(), operation: null }

async function runTest(test: ApiTest, plan: TestPlan, ports: ApiPorts): Promise<Learned<Answered>> {
  const filled = fill(test.request, plan.variables)
  if (filled.kind === 'missing') {
    const names = filled.names.map((name) => `\${${name}}`).join(', ')
    return { ...no(`no earlier answer gave ${names}`), value: nothing }
  }
  const ready = { ...test, request: filled.request }
  const { finding, reply } = await tryUntil(ready, plan, ports)
  const operation = plan.openapi?.find(ready.request.method, ready.request.path) ?? null
  const captured = reply === null ? nothing.captured : capture(reply, test.capture)
  return { ...finding, value: { captured, operation } }
}

interface Tried {
  readonly finding: CheckFinding
  /** null where the connection broke off. */
  readonly reply: Reply | null
}

async function tryUntil(test: ApiTest, plan: TestPlan, ports: ApiPorts): Promise<Tried> {
  const begun = ports.clock.elapsed()
  for (;;) {
    const tried = await tryOnce(test, plan, ports)
    const leftMs = test.eventuallyMs - (ports.clock.elapsed() - begun)
    if (tried.finding.ok || leftMs <= 0) return tried
    await ports.clock.sleep(Math.min(500, leftMs), ports.interrupted)
  }
}

async function tryOnce(test: ApiTest, plan: TestPlan, ports: ApiPorts): Promise<Tried> {
  const options = { timeoutMs: plan.timeoutMs, signal: ports.interrupted }
  try {
    const reply = await ports.http.send(plan.url, test.request, options)
    return { finding: judge(test, reply, plan.openapi), reply }
  } catch (error) {
    // The system took the request and failed it: a "no". A system that was not reached stays unknown.
    if (error instanceof Failure && (error.code === 'no-answer' || error.code === 'broken-off'))
      return { finding: no(describe(error)), reply: null }
    throw error
  }
}

function judge(test: ApiTest, reply: Reply, openapi: Openapi | null): CheckFinding {
  const operation = openapi?.find(test.request.method, test.request.path) ?? null
  const undocumented = operation === null ? null : (openapi?.problem(operation, reply) ?? null)
  const captured = capture(reply, test.capture)
  const problems = [
    ...problemsOf(reply, test.expect),
    ...(undocumented === null ? [] : [undocumented]),
    ...Object.entries(test.capture)
      .filter(([name]) => !captured.has(name))
      .map(([name, path]) => `the answer holds nothing at ${path} for \${${name}}`),
  ]
  const request = `${test.request.method} ${test.request.path}`
  if (problems.length > 0) return no(`${request}: ${problems.join('; ')}`)
  return yes(`${request} answered ${reply.status} in ${reply.ms.toFixed(0)} ms`)
}
