import { runTest, type ApiTest, type TestPorts, type Variables } from '@alt-las/api-tests'
import type { Check, CheckRunner, Learned } from '../check.ts'
import type { Openapi, Operation } from './openapi.ts'

export interface ApiPorts extends TestPorts {
  readonly checks: CheckRunner
}

export interface TestsPlan {
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
export async function runTests(plan: TestsPlan, ports: ApiPorts): Promise<TestRun> {
  let run: TestRun = { checks: [], variables: plan.variables, covered: new Set() }
  for (const test of plan.tests) {
    const { variables } = run
    const attempt = await ports.checks.learn('api', test.name, () =>
      answered(test, { ...plan, variables }, ports),
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

async function answered(
  test: ApiTest,
  { url, timeoutMs, variables, openapi }: TestsPlan,
  ports: ApiPorts,
): Promise<Learned<Answered>> {
  const find = ({ method, path }: ApiTest['request']) => openapi?.find(method, path) ?? null
  const { ok, because, captured, request } = await runTest(
    test,
    {
      ...{ url, timeoutMs, variables },
      problem: (sent, reply) => {
        const operation = find(sent)
        return operation === null ? null : (openapi?.problem(operation, reply) ?? null)
      },
    },
    ports,
  )
  return { ok, because, value: { captured, operation: request === null ? null : find(request) } }
}
