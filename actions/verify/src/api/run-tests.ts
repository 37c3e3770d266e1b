import { runTest, type ApiTest, type Reply, type TestPorts, type Variables } from '@alt-las/api-tests'
import type { Check, CheckRunner, Learned } from '../check.ts'
import type { Agreement } from './openapi/agreement.ts'
import type { Openapi, Operation } from './openapi/openapi.ts'

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
  /** The operations of the OpenAPI document that were reached, each with the best that is known of its answers. */
  readonly reached: ReadonlyMap<Operation, Agreement>
}

/** The tests in their order, each with the values that the earlier ones captured. */
export async function runTests(plan: TestsPlan, ports: ApiPorts): Promise<TestRun> {
  let run: TestRun = { checks: [], variables: plan.variables, reached: new Map() }
  for (const test of plan.tests) {
    const { variables } = run
    const attempt = await ports.checks.learn('api', test.name, () =>
      answered(test, { ...plan, variables }, ports),
    )
    const { captured, compared } = attempt.kind === 'done' ? attempt.value : nothing
    run = {
      checks: [...run.checks, attempt.check],
      variables: new Map([...variables, ...captured]),
      reached: withCompared(run.reached, compared),
    }
  }
  return run
}

/** An answer that was checked is not forgotten over one that was not. */
function withCompared(reached: TestRun['reached'], compared: Compared | null): TestRun['reached'] {
  if (compared === null) return reached
  const { operation, agreement } = compared
  const isKnown = (reached.get(operation)?.kind ?? 'unchecked') !== 'unchecked'
  return isKnown && agreement.kind === 'unchecked' ? reached : new Map([...reached, [operation, agreement]])
}

interface Compared {
  readonly operation: Operation
  readonly agreement: Agreement
}

interface Answered {
  readonly captured: Variables
  /** null where no operation was reached, and where there was no answer. */
  readonly compared: Compared | null
}

const nothing: Answered = { captured: new Map(), compared: null }

async function answered(
  test: ApiTest,
  { url, timeoutMs, variables, openapi }: TestsPlan,
  ports: ApiPorts,
): Promise<Learned<Answered>> {
  // Of the last answer: a test may send its request several times.
  let compared: Compared | null = null
  let isAnswered = false
  const problem = ({ method, path }: ApiTest['request'], reply: Reply): string | null => {
    isAnswered = true
    const last = reply.from ?? { method, path }
    const operation = last.path === null ? null : (openapi?.find(last.method, last.path) ?? null)
    const agreement = operation === null ? undefined : openapi?.check(operation, reply)
    compared = operation === null || agreement === undefined ? null : { operation, agreement }
    return agreement?.kind === 'differs' ? agreement.because : null
  }
  const result = await runTest(test, { url, timeoutMs, variables, problem }, ports)
  const { ok, because, captured } = result
  const note = openapi !== null && isAnswered ? noteOn(compared) : ''
  return { ok, because: because + note, value: { captured, compared } }
}

/** What was not checked is said with the result. */
function noteOn(compared: Compared | null): string {
  if (compared === null) return '; it is no operation of the OpenAPI document'
  const { agreement } = compared
  return agreement.kind === 'unchecked' ? `; not checked by the OpenAPI document: ${agreement.because}` : ''
}
