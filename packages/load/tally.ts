import { buckets, distribution, type Bucket, type Distribution } from './distribution.ts'
import type { Loss } from './send.ts'

export interface TargetResult extends Distribution {
  readonly name: string
  readonly errors: number
}

/** A request that failed. */
export interface SeenLoss extends Loss {
  readonly target: string
  /** When it was sent, in ms since 1970. */
  readonly sentAt: number
}

export interface LoadResult extends Distribution {
  /** Requests per second. */
  readonly rate: number
  /** Of the part that was measured; shorter than planned where the load was stopped. */
  readonly durationMs: number
  /** Requests that this sender left out since it was late itself. */
  readonly unsent: number
  /** Why the load ended before its time; null where it did not. */
  readonly stopped: string | null
  readonly errors: number
  /** 0..1 */
  readonly errorRate: number
  /** Failed requests by their reason. */
  readonly errorKinds: Readonly<Record<string, number>>
  /** The first ten failed requests. */
  readonly firstErrors: readonly SeenLoss[]
  /** 99th percentile of the delay that this sender itself added, in ms. */
  readonly senderLagP99Ms: number
  readonly buckets: readonly Bucket[]
  readonly targets: readonly TargetResult[]
}

interface Named {
  readonly name: string
}

/** One request after its end. */
export interface Shot {
  /** One of the targets that the tally was created for. */
  readonly target: Named
  readonly sentAt: number
  /** From the intended moment to the end of the answer. */
  readonly latencyMs: number
  readonly lagMs: number
  readonly loss: Loss | null
}

export interface Tally {
  add(shot: Shot): void
  result(of: { readonly rate: number; readonly durationMs: number }): Omit<LoadResult, 'unsent' | 'stopped'>
}

const mostShown = 10

/** Keeps one number per request, so that percentiles are exact. */
export function createTally(targets: readonly Named[]): Tally {
  const lags: number[] = []
  const errorKinds = new Map<string, number>()
  const firstErrors: SeenLoss[] = []
  const byTarget = new Map(targets.map((target) => [target, { latencies: [] as number[], errors: 0 }]))
  return {
    add: ({ target, sentAt, latencyMs, lagMs, loss }) => {
      const own = byTarget.get(target) ?? { latencies: [], errors: 0 }
      byTarget.set(target, own)
      own.latencies.push(latencyMs)
      lags.push(lagMs)
      if (loss === null) return
      own.errors += 1
      errorKinds.set(loss.reason, (errorKinds.get(loss.reason) ?? 0) + 1)
      if (firstErrors.length < mostShown) firstErrors.push({ ...loss, target: target.name, sentAt })
    },
    result: (of) => {
      const latencies = [...byTarget.values()].flatMap((own) => own.latencies)
      const errors = [...errorKinds.values()].reduce((sum, count) => sum + count, 0)
      return {
        ...distribution(latencies),
        ...of,
        errors,
        errorRate: latencies.length === 0 ? 0 : errors / latencies.length,
        errorKinds: Object.fromEntries(errorKinds),
        firstErrors,
        senderLagP99Ms: distribution(lags).p99Ms,
        buckets: buckets(latencies),
        targets: [...byTarget].map(([{ name }, own]) => ({
          name,
          errors: own.errors,
          ...distribution(own.latencies),
        })),
      }
    },
  }
}
