import { Failure, asFailure } from '@alt-las/failure'
import type { Clock } from '@alt-las/time'
import type { ApiRequest } from '../api/api-test.ts'
import { buckets, distribution, type Distribution } from './distribution.ts'
import type { Http } from '../http.ts'
import { matches } from '../api/expect.ts'

export interface LoadTarget {
  readonly name: string
  readonly request: ApiRequest
  /** Status patterns that count as success. */
  readonly status: readonly string[]
  readonly weight: number
}

export interface LoadPlan {
  readonly url: URL
  readonly targets: readonly LoadTarget[]
  /** Requests per second, begun whether or not the earlier ones have been answered. */
  readonly rate: number
  readonly durationMs: number
  readonly timeoutMs: number
}

export interface LoadResult extends Distribution {
  readonly rate: number
  readonly durationMs: number
  readonly errors: number
  /** 0..1 */
  readonly errorRate: number
  /** What failed, and how often: `status 503`, `no-answer`. */
  readonly errorKinds: Readonly<Record<string, number>>
  /** 99th percentile of how late our own sender was, in ms: what the runner, not the system, added. */
  readonly senderLagP99: number
  readonly buckets: readonly { readonly belowMs: number; readonly count: number }[]
  readonly targets: readonly (Distribution & { readonly name: string; readonly errors: number })[]
}

interface Shot {
  readonly target: LoadTarget
  readonly ms: number
  readonly lag: number
  /** null = success. */
  readonly error: string | null
}

export interface LoadPorts {
  readonly http: Http
  readonly clock: Clock
  readonly interrupted: AbortSignal
}

/**
 * Open loop: the n-th request is due at n/rate, and its latency counts from that moment, also where the sender or a full connection
 * pool delayed it. A system that stalls for a second is charged for every request of that second, not for one.
 */
export async function runLoad(plan: LoadPlan, ports: LoadPorts): Promise<LoadResult> {
  const { clock, interrupted } = ports
  const total = Math.max(1, Math.round((plan.rate * plan.durationMs) / 1000))
  const next = picker(plan.targets)
  const shots: Promise<Shot>[] = []
  const begun = clock.elapsed()
  for (let index = 0, since = 0; index < total; index += 1, since += 1) {
    const due = begun + (index * 1000) / plan.rate
    const early = due - clock.elapsed()
    // A sender that is behind must still let answers in, or it would only measure itself.
    if (early > 0 || since >= 32) {
      await clock.sleep(Math.max(0, early), interrupted)
      since = 0
    }
    shots.push(shoot(next(), { due, plan }, ports))
  }
  const done = await Promise.all(shots)
  interrupted.throwIfAborted()
  return summed(done, plan)
}

async function shoot(
  target: LoadTarget,
  { due, plan }: { readonly due: number; readonly plan: LoadPlan },
  { http, clock, interrupted }: LoadPorts,
): Promise<Shot> {
  const lag = clock.elapsed() - due
  const error = await http
    .send(plan.url, target.request, { timeoutMs: plan.timeoutMs, signal: interrupted })
    .then(
      ({ status }) =>
        target.status.some((pattern) => matches(pattern, status)) ? null : `status ${String(status)}`,
      (thrown: unknown) => asFailure(thrown).code,
    )
  return { target, ms: clock.elapsed() - due, lag, error }
}

/** Weighted and even (each target comes when its share is most overdue), so that a run can be repeated exactly. */
export function picker(targets: readonly LoadTarget[]): () => LoadTarget {
  const all = targets.reduce((sum, target) => sum + target.weight, 0)
  const credits = targets.map((target) => ({ target, credit: 0 }))
  return () => {
    for (const one of credits) one.credit += one.target.weight
    const best = credits.reduce((a, b) => (b.credit > a.credit ? b : a))
    best.credit -= all
    return best.target
  }
}

function summed(shots: readonly Shot[], plan: LoadPlan): LoadResult {
  const errors = shots.filter((shot) => shot.error !== null)
  const unreachable = errors.filter((shot) => shot.error === 'unreachable')
  if (unreachable.length === shots.length)
    throw new Failure('unreachable', `none of ${String(shots.length)} requests reached ${plan.url.href}`, {
      fault: 'outside',
    })
  const latencies = shots.map((shot) => shot.ms)
  return {
    ...distribution(latencies),
    rate: plan.rate,
    durationMs: plan.durationMs,
    errors: errors.length,
    errorRate: errors.length / shots.length,
    errorKinds: Object.fromEntries(
      [...Map.groupBy(errors, (shot) => shot.error ?? '')].map(([kind, of]) => [kind, of.length]),
    ),
    senderLagP99: distribution(shots.map((shot) => shot.lag)).p99,
    buckets: buckets(latencies),
    targets: plan.targets.map((target) => {
      const own = shots.filter((shot) => shot.target === target)
      return {
        name: target.name,
        errors: own.filter((shot) => shot.error !== null).length,
        ...distribution(own.map((shot) => shot.ms)),
      }
    }),
  }
}
