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
import type { Cluster, NodeProxy } from '@alt-las/kubernetes'
import type { Prometheus } from '@alt-las/telemetry'
import { formatDuration, type Clock } from '@alt-las/time'
import type { Suite } from '../api/check-api.ts'
import { no, yes, type Check, type CheckFinding, type CheckRunner } from '../check.ts'
import type { Selection } from '../workloads.ts'
import type { Bottleneck } from './bottleneck/name-bottleneck.ts'
import { startWatch } from './bottleneck/start-watch.ts'
import { loadSender, loadTargets } from './requests.ts'

export interface LoadCheckPlan {
  readonly url: URL
  /** Requests per second. */
  readonly rate: number
  readonly durationMs: number
  /** The workloads whose metrics name the bottleneck; null where no source of metrics is known. */
  readonly watched: Selection | null
  readonly warmUpMs: number
  /** Of one request. */
  readonly timeoutMs: number
  readonly thresholds: Thresholds
  /** `maxSlowdown`: 0.2 allows 20 % more latency than was measured then. */
  readonly baseline: { readonly measured: Baseline; readonly maxSlowdown: number } | null
}

export interface LoadCheckPorts {
  readonly cluster: () => Cluster
  readonly nodes: () => NodeProxy
  readonly metrics: () => Prometheus
  readonly http: Http
  readonly clock: Clock
  readonly interrupted: AbortSignal
  readonly checks: CheckRunner
}

export interface LoadRun {
  readonly checks: readonly Check[]
  /** null where the load could not be sent. */
  readonly result: LoadResult | null
  /** null where it was not asked for, or could not be found. */
  readonly bottleneck: Bottleneck | null
}

/** Sends the load, holds its result against each threshold, and names the bottleneck where a source of metrics is known. */
export async function checkLoad(
  plan: LoadCheckPlan,
  { tests, variables }: Suite,
  ports: LoadCheckPorts,
): Promise<LoadRun> {
  const watch = await startWatch('load', plan.watched, ports)
  const sent = await ports.checks.learn('load', 'open-loop load', async () => {
    const targets = loadTargets(tests, variables)
    const sender = loadSender(plan, ports)
    const result = await runLoad({ ...plan, targets, stop: suffering }, { ...ports, send: sender.send })
    sender.mustHaveReached()
    return { ...judgeSending(result, targets), value: result }
  })
  if (sent.kind === 'failed') return { checks: [...watch.checks, sent.check], result: null, bottleneck: null }
  const { value: result } = sent
  const found = await watch.find(result.durationMs)
  const all = [...watch.checks, ...found.checks, sent.check]
  // Stopped within the warm-up: there are no numbers to judge.
  if (result.count === 0) return { checks: all, result: null, bottleneck: found.bottleneck }
  const { thresholds, baseline } = plan
  const relative = baseline === null ? [] : judgeAgainst(result, baseline.measured, baseline)
  const judged = [...judgeLoad(result, thresholds), ...relative].map((one) =>
    ports.checks.run('load', one.name, () => withReason(one, found.bottleneck)),
  )
  return { checks: [...all, ...(await Promise.all(judged))], result, bottleneck: found.bottleneck }
}

/** A threshold that does not hold says also where the time is lost. */
function withReason({ ok, because }: CheckFinding, bottleneck: Bottleneck | null): CheckFinding {
  return ok || bottleneck === null ? { ok, because } : no(`${because}; ${bottleneck.because}`)
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
