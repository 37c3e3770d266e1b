import { Failure } from '@alt-las/failure'
import { judgeLoad, runLoad, type LoadResult, type Send, type Target } from '@alt-las/load'
import type { Clock } from '@alt-las/time'
import type { ApiRequest, ApiTest } from '../api/api-test.ts'
import type { ApiPlan } from '../api/check-api.ts'
import { matches } from '../api/expect.ts'
import { fill, type Variables } from '../api/variables.ts'
import { yes, type Check, type RunCheck } from '../check.ts'
import type { Http } from '../http.ts'
import type { Inputs } from '../inputs.ts'

export interface LoadCheckPorts {
  readonly http: Http
  readonly clock: Clock
  readonly interrupted: AbortSignal
  readonly run: RunCheck
}

/** A request of the load, and the status patterns that count as success. */
export interface LoadRequest extends ApiRequest {
  readonly status: readonly string[]
}

/** The load, and its result beside each threshold. */
export async function checkLoad(
  inputs: Inputs & { readonly rate: number },
  plan: ApiPlan,
  ports: LoadCheckPorts,
): Promise<{ readonly checks: readonly Check[]; readonly result: LoadResult | null }> {
  const results: LoadResult[] = []
  const made = await ports.run('load', 'open-loop load', async () => {
    const targets = targetsOf(plan.tests, plan.variables)
    const { rate, duration: durationMs } = inputs
    const send = sender(plan.url, inputs.requestTimeout, ports)
    const result = await runLoad({ targets, rate, durationMs }, { ...ports, send })
    if (result.errorKinds['unreachable'] === result.count)
      throw new Failure('unreachable', `none of ${String(result.count)} requests reached ${plan.url.href}`, {
        fault: 'outside',
      })
    results.push(result)
    return yes(`${String(result.count)} requests to ${targets.map((target) => target.name).join(', ')}`)
  })
  const [result] = results
  if (result === undefined) return { checks: [made], result: null }
  const { maxErrorRate, maxP95, maxP99 } = inputs
  const thresholds = { maxErrorRate: maxErrorRate / 100, maxP95Ms: maxP95, maxP99Ms: maxP99 }
  const judged = judgeLoad(result, thresholds).map((one) => ports.run('load', one.name, () => one))
  return { checks: [made, ...(await Promise.all(judged))], result }
}

function sender(
  url: URL,
  timeoutMs: number,
  { http, interrupted }: Pick<LoadCheckPorts, 'http' | 'interrupted'>,
): Send<LoadRequest> {
  return async (request) => {
    const { status } = await http.send(url, request, { timeoutMs, signal: interrupted })
    return request.status.some((pattern) => matches(pattern, status))
      ? null
      : { reason: `status ${String(status)}` }
  }
}

/** The tests that ask for load, with what the API tests captured; `GET /` where none does. */
export function targetsOf(tests: readonly ApiTest[], variables: Variables): readonly Target<LoadRequest>[] {
  const chosen = tests.filter((test) => test.loadWeight > 0)
  if (chosen.length === 0) {
    const request = { method: 'GET', path: '/', headers: {}, body: null, status: ['1xx', '2xx', '3xx'] }
    return [{ name: 'GET /', request, weight: 1 }]
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
    return {
      name: test.name,
      request: { ...filled.request, status: test.expect.status },
      weight: test.loadWeight,
    }
  })
}
