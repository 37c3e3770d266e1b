import type { Clock } from '@alt-las/time'
import { Failure, describe } from '@alt-las/failure'
import type { ApiTest } from './api-test.ts'
import { no, yes, type Check, type Finding, type RunCheck } from '../check.ts'
import { capture, problemsOf } from './expect.ts'
import type { Http, Reply } from '../http.ts'
import type { Openapi, Operation } from './openapi.ts'
import { fill, type Variables } from './variables.ts'

export interface ApiPorts {
  readonly http: Http
  readonly clock: Clock
  readonly interrupted: AbortSignal
  readonly run: RunCheck
}

export interface ApiRun {
  readonly checks: readonly Check[]
  /** What the answers left for later requests: the load may use it. */
  readonly variables: Variables
  /** null without an OpenAPI document. */
  readonly uncovered: readonly Operation[] | null
}

export interface Suite {
  readonly url: URL
  readonly tests: readonly ApiTest[]
  readonly openapi: Openapi | null
  readonly timeoutMs: number
  /** Known from the start; `unique` differs from run to run. */
  readonly variables: Variables
}

/** The tests in their order, each with what the ones before it captured. */
export async function runApiTests(suite: Suite, ports: ApiPorts): Promise<ApiRun> {
  const variables = new Map(suite.variables)
  const covered = new Set<Operation>()
  const checks: Check[] = []
  for (const test of suite.tests) {
    const work = async () => {
      const { finding, reply } = await runTest(test, { ...suite, variables }, ports)
      if (reply !== null) for (const [name, value] of capture(reply, test.capture)) variables.set(name, value)
      const operation = suite.openapi?.find(test.request.method, bare(test, variables)) ?? null
      if (operation !== null) covered.add(operation)
      return finding
    }
    checks.push(await ports.run('api', test.name, work))
  }
  const uncovered = suite.openapi?.operations.filter((operation) => !covered.has(operation)) ?? null
  return { checks, variables, uncovered }
}

interface Tried {
  readonly finding: Finding
  readonly reply: Reply | null
}

async function runTest(test: ApiTest, suite: Suite, ports: ApiPorts): Promise<Tried> {
  const filled = fill(test.request, suite.variables)
  if (filled.kind === 'missing')
    return {
      finding: no(`no earlier answer gave ${filled.names.map((name) => `\${${name}}`).join(', ')}`),
      reply: null,
    }
  const begun = ports.clock.elapsed()
  for (;;) {
    const tried = await tryOnce({ ...test, request: filled.request }, suite, ports)
    const left = test.eventuallyMs - (ports.clock.elapsed() - begun)
    if (tried.finding.ok || left <= 0) return tried
    await ports.clock.sleep(Math.min(500, left), ports.interrupted)
  }
}

async function tryOnce(test: ApiTest, suite: Suite, ports: ApiPorts): Promise<Tried> {
  const options = { timeoutMs: suite.timeoutMs, signal: ports.interrupted }
  try {
    const reply = await ports.http.send(suite.url, test.request, options)
    return { finding: judge(test, reply, suite.openapi), reply }
  } catch (error) {
    // The system took the request and failed it: that is a "no". Not to have reached it says nothing, and goes up.
    if (error instanceof Failure && (error.code === 'no-answer' || error.code === 'broken-off'))
      return { finding: no(describe(error)), reply: null }
    throw error
  }
}

function judge(test: ApiTest, reply: Reply, openapi: Openapi | null): Finding {
  const operation = openapi?.find(test.request.method, test.request.path) ?? null
  const undocumented = operation === null ? null : (openapi?.problem(operation, reply) ?? null)
  const uncaptured = Object.keys(test.capture).filter((name) => !capture(reply, test.capture).has(name))
  const problems = [
    ...problemsOf(reply, test.expect),
    ...(undocumented === null ? [] : [undocumented]),
    ...uncaptured.map((name) => `the answer holds nothing at ${test.capture[name] ?? ''} for \${${name}}`),
  ]
  const request = `${test.request.method} ${test.request.path}`
  if (problems.length > 0) return no(`${request}: ${problems.join('; ')}`)
  return yes(`${request} answered ${String(reply.status)} in ${reply.ms.toFixed(0)} ms`)
}

function bare(test: ApiTest, variables: Variables): string {
  const filled = fill(test.request, variables)
  return filled.kind === 'request' ? filled.request.path : test.request.path
}
