import { runApiTests, type ApiPorts, type ApiRun } from './run-tests.ts'
import type { ApiTest } from './api-test.ts'
import { yes } from '../check.ts'
import type { Inputs } from '../inputs.ts'
import type { Openapi, Operation } from './openapi.ts'
import { readOpenapi, type Files } from './suite.ts'
import type { Variables } from './variables.ts'

export interface ApiPlan {
  readonly url: URL
  readonly tests: readonly ApiTest[]
  readonly variables: Variables
}

/** The API tests, with the OpenAPI document where one is given: without it the tests are still made, and its check says why. */
export async function checkApi(
  inputs: Inputs,
  plan: ApiPlan,
  ports: ApiPorts & { readonly files: Files },
): Promise<ApiRun> {
  const { openapi: source, requestTimeout: timeoutMs } = inputs
  if (source === null) return runApiTests({ ...plan, timeoutMs, openapi: null }, ports)
  const read: Openapi[] = []
  const reading = await ports.run('api', 'OpenAPI document', async () => {
    const document = await readOpenapi({ source, url: plan.url, timeoutMs }, ports)
    read.push(document)
    return yes(`${String(document.operations.length)} operations`)
  })
  const openapi = read[0] ?? null
  const ran = await runApiTests({ ...plan, timeoutMs, openapi }, ports)
  if (openapi === null) return { ...ran, checks: [reading, ...ran.checks] }
  const covering = await ports.run('api', 'OpenAPI coverage', () =>
    yes(coverage(openapi, ran.uncovered ?? [])),
  )
  return { ...ran, checks: [reading, ...ran.checks, covering] }
}

/** Every operation is covered, or named as not covered: that is told and not judged. */
export function coverage(openapi: Openapi, uncovered: readonly Operation[]): string {
  const all = openapi.operations.length
  const covered = `${String(all - uncovered.length)} of ${String(all)} operations are covered`
  if (uncovered.length === 0) return covered
  return `${covered}; not covered: ${uncovered.map(({ method, path }) => `${method} ${path}`).join(', ')}`
}
