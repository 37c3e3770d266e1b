import { Failure } from '@alt-las/failure'
import type { ApiTest } from '../api/api-test.ts'
import type { ApiPlan } from '../api/check-api.ts'
import { yes, type Check, type RunCheck } from '../check.ts'
import type { Inputs } from '../inputs.ts'
import { runLoad, type LoadPorts, type LoadResult, type LoadTarget } from './load.ts'
import { judgeLoad } from './thresholds.ts'
import { fill, type Variables } from '../api/variables.ts'

/** The load, and what its result says to each threshold. */
export async function checkLoad(
  inputs: Inputs & { readonly rate: number },
  plan: ApiPlan,
  ports: LoadPorts & { readonly run: RunCheck },
): Promise<{ readonly checks: readonly Check[]; readonly result: LoadResult | null }> {
  const results: LoadResult[] = []
  const made = await ports.run('load', 'open-loop load', async () => {
    const targets = targetsOf(plan.tests, plan.variables)
    const { rate, duration: durationMs, requestTimeout: timeoutMs } = inputs
    const result = await runLoad({ url: plan.url, targets, rate, durationMs, timeoutMs }, ports)
    results.push(result)
    return yes(`${String(result.count)} requests to ${targets.map((target) => target.name).join(', ')}`)
  })
  const [result] = results
  if (result === undefined) return { checks: [made], result: null }
  const thresholds = { maxErrorRate: inputs.maxErrorRate / 100, maxP95: inputs.maxP95, maxP99: inputs.maxP99 }
  const judged = judgeLoad(result, thresholds).map(({ name, finding }) =>
    ports.run('load', name, () => finding),
  )
  return { checks: [made, ...(await Promise.all(judged))], result }
}

/** The tests that ask for load, with what the API tests captured; `GET /` where none does. */
export function targetsOf(tests: readonly ApiTest[], variables: Variables): readonly LoadTarget[] {
  const chosen = tests.filter((test) => test.loadWeight > 0)
  if (chosen.length === 0) {
    const request = { method: 'GET', path: '/', headers: {}, body: null }
    return [{ name: 'GET /', request, status: ['1xx', '2xx', '3xx'], weight: 1 }]
  }
  return chosen.map((test) => {
    const filled = fill(test.request, variables)
    if (filled.kind === 'missing')
      throw new Failure(
        'no-load-target',
        `the load cannot use ${test.name}: no answer gave ${filled.names.join(', ')}`,
        {
          fault: 'outside',
        },
      )
    return { name: test.name, request: filled.request, status: test.expect.status, weight: test.loadWeight }
  })
}
