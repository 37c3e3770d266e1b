import { fill, matches, type ApiRequest, type ApiTest, type Http, type Variables } from '@alt-las/api-tests'
import { Failure } from '@alt-las/failure'
import {
  judgeLoad,
  runLoad,
  type LoadResult,
  type Send,
  type LoadTarget,
  type Thresholds,
} from '@alt-las/load'
import type { Clock } from '@alt-las/time'
import type { Suite } from '../api/check-api.ts'
import { yes, type Check, type CheckRunner } from '../check.ts'

export interface LoadCheckPlan {
  readonly url: URL
  /** Requests per second. */
  readonly rate: number
  readonly durationMs: number
  /** Of one request. */
  readonly timeoutMs: number
  readonly thresholds: Thresholds
}

export interface LoadCheckPorts {
  readonly http: Http
  readonly clock: Clock
  readonly interrupted: AbortSignal
  readonly checks: CheckRunner
}

export interface LoadRun {
  readonly checks: readonly Check[]
  /** null where the load could not be sent. */
  readonly result: LoadResult | null
}

/** Sends the load and holds its result against each threshold. */
export async function checkLoad(
  plan: LoadCheckPlan,
  { tests, variables }: Suite,
  ports: LoadCheckPorts,
): Promise<LoadRun> {
  const sent = await ports.checks.learn('load', 'open-loop load', async () => {
    const targets = targetsOf(tests, variables)
    const result = await runLoad({ ...plan, targets }, { ...ports, send: sender(plan, ports) })
    const { unreachable = 0, 'not-accepted': notAccepted = 0 } = result.errorKinds
    if (unreachable + notAccepted === result.count)
      throw new Failure(
        notAccepted > 0 ? 'not-accepted' : 'unreachable',
        `none of ${result.count} requests reached ${plan.url.href}`,
        {
          fault: 'outside',
        },
      )
    const names = targets.map((target) => target.name).join(', ')
    return { ...yes(`${result.count} requests to ${names}`), value: result }
  })
  if (sent.kind === 'failed') return { checks: [sent.check], result: null }
  const judged = judgeLoad(sent.value, plan.thresholds).map((one) =>
    ports.checks.run('load', one.name, () => one),
  )
  return { checks: [sent.check, ...(await Promise.all(judged))], result: sent.value }
}

/** A request of the load, and the status patterns that count as success. */
export interface LoadRequest extends ApiRequest {
  readonly status: readonly string[]
}

function sender({ url, timeoutMs }: LoadCheckPlan, { http, interrupted }: LoadCheckPorts): Send<LoadRequest> {
  return async (request) => {
    const { status } = await http.send(url, request, { timeoutMs, signal: interrupted, skipBody: true })
    return request.status.some((pattern) => matches(pattern, status)) ? null : { reason: `status ${status}` }
  }
}

/** The tests that take part in the load, with captured values filled in; `GET /` where none does. */
function targetsOf(tests: readonly ApiTest[], variables: Variables): readonly LoadTarget<LoadRequest>[] {
  const chosen = tests.filter((test) => test.loadWeight > 0)
  if (chosen.length === 0) {
    const request = { method: 'GET', path: '/', headers: {}, body: null, status: ['1xx', '2xx', '3xx'] }
    return [{ name: 'GET /', request, weight: 1 }]
  }
  return chosen.map(({ name, request, expect, loadWeight }) => {
    const filled = fill(request, variables)
    if (filled.kind === 'missing')
      throw new Failure(
        'no-load-target',
        `${name} takes part in the load, but no answer gave ${filled.names.join(', ')}`,
        {
          fault: 'outside',
        },
      )
    return { name, request: { ...filled.request, status: expect.status }, weight: loadWeight }
  })
}
