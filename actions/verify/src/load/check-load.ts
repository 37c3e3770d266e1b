import type { Http } from '@alt-las/api-tests'
import { Failure } from '@alt-las/failure'
import {
  judgeAgainst,
  judgeLoad,
  runLoad,
  suffering,
  type Baseline,
  type LoadResult,
  type Thresholds,
} from '@alt-las/load'
import { formatDuration, type Clock } from '@alt-las/time'
import type { Suite } from '../api/check-api.ts'
import { no, yes, type Check, type CheckFinding, type CheckRunner } from '../check.ts'
import { loadSender, loadTargets } from './requests.ts'

export interface LoadCheckPlan {
  readonly url: URL
  /** Requests per second. */
  readonly rate: number
  readonly durationMs: number
  readonly warmUpMs: number
  /** Of one request. */
  readonly timeoutMs: number
  readonly thresholds: Thresholds
  /** `maxSlowdown`: 0.2 allows 20 % more latency than was measured then. */
  readonly baseline: { readonly measured: Baseline; readonly maxSlowdown: number } | null
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
    const targets = loadTargets(tests, variables)
    const sender = loadSender(plan, ports)
    const result = await runLoad({ ...plan, targets, stop: suffering }, { ...ports, send: sender.send })
    sender.mustHaveReached()
    return { ...judgeSending(result, targets), value: result }
  })
  if (sent.kind === 'failed') return { checks: [sent.check], result: null }
  const { value: result } = sent
  // Stopped within the warm-up: there are no numbers to judge.
  if (result.count === 0) return { checks: [sent.check], result: null }
  const { thresholds, baseline } = plan
  const relative = baseline === null ? [] : judgeAgainst(result, baseline.measured, baseline)
  const judged = [...judgeLoad(result, thresholds), ...relative].map((one) =>
    ports.checks.run('load', one.name, () => one),
  )
  return { checks: [sent.check, ...(await Promise.all(judged))], result }
}

/** More requests that were not sent are another load than the one that was asked for. */
const mostUnsent = 0.02

function judgeSending(
  { count, unsent, stopped, durationMs, rate }: LoadResult,
  targets: readonly { readonly name: string }[],
): CheckFinding {
  if (unsent > mostUnsent * (count + unsent))
    throw new Failure(
      'sender-too-slow',
      `this runner was too busy: it left out ${unsent} of ${count + unsent} requests at ${rate} per second`,
      { fault: 'outside', hint: 'use a runner with more free CPUs, or a lower `rate`' },
    )
  if (stopped !== null)
    return no(`the load was stopped after ${formatDuration(Math.round(durationMs))}: ${stopped}`)
  return yes(`${count} requests to ${targets.map(({ name }) => name).join(', ')}`)
}
