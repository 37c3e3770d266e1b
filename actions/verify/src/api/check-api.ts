import type { ApiTest, Variables } from '@alt-las/api-tests'
import { Failure, describe } from '@alt-las/failure'
import { no, yes, type Check, type Learned } from '../check.ts'
import { coverageOf, judgeCoverage } from './coverage.ts'
import { differs, type Agreement } from './openapi/agreement.ts'
import type { Openapi, Operation } from './openapi/openapi.ts'
import { runTests, type ApiPorts } from './run-tests.ts'
import { readOpenapi, type OpenapiSource, type SuitePorts } from './suite.ts'

export interface ApiPlan {
  readonly url: URL
  readonly openapi: OpenapiSource | null
  readonly timeoutMs: number
  /** Sends requests that change nothing to the operations that no test has reached. */
  readonly generates: boolean
}

/** The tests, and the variables that are known before the first one. */
export interface Suite {
  readonly tests: readonly ApiTest[]
  readonly variables: Variables
}

export interface ApiRun {
  readonly checks: readonly Check[]
  /** The suite's variables and what the answers gave for later requests. */
  readonly variables: Variables
  /** Operations of the OpenAPI document of which no answer was checked; null without a document. */
  readonly uncovered: readonly Operation[] | null
}

/** The API tests, held against the OpenAPI document where one is given. They run also where that document cannot be read. */
export async function checkApi(
  plan: ApiPlan,
  { tests, variables: start }: Suite,
  ports: ApiPorts & SuitePorts,
): Promise<ApiRun> {
  const { url, timeoutMs, openapi: source } = plan
  const suite = { url, timeoutMs, tests, variables: start }
  if (source === null) {
    const { checks, variables } = await runTests({ ...suite, openapi: null }, ports)
    return { checks, variables, uncovered: null }
  }
  const reading = await ports.checks.learn('api', 'OpenAPI document', () =>
    source.kind === 'served'
      ? readServed(source, { url, timeoutMs }, ports)
      : readOpenapi(source, { url, timeoutMs }, ports).then(found),
  )
  const openapi = reading.kind === 'done' ? reading.value : null
  const { checks, variables, reached } = await runTests({ ...suite, openapi }, ports)
  if (openapi === null) return { checks: [reading.check, ...checks], variables, uncovered: null }
  const open = plan.generates ? openapi.operations.filter((operation) => !reached.has(operation)) : []
  const safe = safeTests(openapi, open)
  const generated = await runTests({ ...suite, tests: safe.tests, openapi }, ports)
  const all = new Map([...reached, ...generated.reached])
  const known = coverageOf(openapi.operations, { reached: all, gaps: safe.gaps })
  const coverage = await ports.checks.run('api', 'OpenAPI coverage', () => judgeCoverage(known))
  const every = [reading.check, ...checks, ...generated.checks, coverage]
  return { checks: every, variables, uncovered: known.uncovered }
}

/** The document may be the system's, and made so that its requests never end. */
const mostRequests = 500

function safeTests(openapi: Openapi, operations: readonly Operation[]) {
  const tests: ApiTest[] = []
  const gaps = new Map<Operation, string>()
  for (const operation of operations) {
    const safe = openapi.safeRequest(operation)
    if (safe.kind === 'gap') gaps.set(operation, safe.because)
    else if (tests.length < mostRequests) tests.push(safe.test)
    else gaps.set(operation, `more than ${mostRequests} requests`)
  }
  return { tests, gaps }
}

const found = (document: Openapi): Learned<Openapi> => {
  return { ...yes(`${document.operations.length} operations`), value: document }
}

/** A document that the system serves is its answer: one that cannot be used is a "no". Else a service could end every verification without one. */
async function readServed(...reading: Parameters<typeof readOpenapi>): Promise<Learned<Openapi | null>> {
  try {
    const document = await readOpenapi(...reading)
    return found({ ...document, check: (operation, reply) => checkServed(document, operation, reply) })
  } catch (error) {
    if (!isAnswer(error)) throw error
    return { ...no(describe(error)), value: null }
  }
}

function checkServed(document: Openapi, ...answer: Parameters<Openapi['check']>): Agreement {
  try {
    return document.check(...answer)
  } catch (error) {
    if (!isAnswer(error)) throw error
    return differs(describe(error))
  }
}

/** What the system can cause by what it serves. */
const answers = ['no-answer', 'broken-off', 'bad-openapi', 'bad-schema', 'too-slow']
const isAnswer = (error: unknown): error is Failure =>
  error instanceof Failure && answers.includes(error.code)
