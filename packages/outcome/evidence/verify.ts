import * as z from 'zod/mini'
import { atMs, count, durationMs } from './units.ts'

/** Who ended it: the verified service, or anything else. */
const cause = z.enum(['service', 'outside'])

const check = z.object({
  kind: z.string(),
  name: z.string(),
  /** `failed`: it could not be done, so nothing is known. */
  outcome: z.enum(['passed', 'refused', 'failed']),
  because: z.string(),
  /** Of a failed check, and of a refused one that the verified service did not cause. */
  cause: z.optional(cause),
  /** What to do about it. */
  remedy: z.optional(z.string()),
  /** What the check could not look at, each with its reason. */
  notChecked: z.optional(z.array(z.string())),
  durationMs,
})

const latencies = {
  count,
  p50Ms: durationMs,
  p90Ms: durationMs,
  p95Ms: durationMs,
  p99Ms: durationMs,
  maxMs: durationMs,
}

const load = z.object({
  ...latencies,
  ratePerSecond: z.number(),
  /** Of what was measured: shorter than planned where the load was stopped. */
  durationMs,
  /** Requests that the sender left out since it was late itself. */
  unsent: z.optional(count),
  /** Why the load ended before its time. */
  stopped: z.optional(z.nullable(z.string())),
  errors: count,
  /** 0 to 1. */
  errorRate: z.number().check(z.gte(0), z.lte(1)),
  /** Number of failures by reason: `status 503`, `no-answer`. */
  errorKinds: z.record(z.string(), count),
  /** The first failed requests. */
  firstErrors: z.array(
    z.object({ target: z.string(), sentAtMs: atMs, reason: z.string(), detail: z.string() }),
  ),
  /** How late the sender itself was. */
  senderLagP99Ms: durationMs,
  buckets: z.array(z.object({ belowMs: durationMs, count })),
  targets: z.array(z.object({ ...latencies, name: z.string(), errors: count })),
})

/** Where the time is lost under load. */
const bottleneck = z.object({
  /** The service in which requests spend most time of its own. */
  slowest: z.nullable(z.string()),
  /** Whose resource is used up: `cpu`, `memory`, `connections`, `database` or `node-cpu`; null where none is seen to be. */
  service: z.nullable(z.string()),
  resource: z.nullable(z.string()),
  because: z.string(),
  /** Facts that could not be read. */
  missing: z.array(z.string()),
})

/** The highest rate within the thresholds, and what a target needs. */
const capacity = z.object({
  /** 0: not even the lowest rate held. */
  maxRatePerSecond: z.number(),
  /** What stands above it: `system`, `bound` (no higher rate was tried) or `runner` (it cannot send more). */
  end: z.string(),
  targetRatePerSecond: z.nullable(z.number()),
  /** 0.3: a third of the target more. */
  headroom: z.number(),
  trials: z.array(
    z.object({
      ratePerSecond: z.number(),
      /** `held`, `exceeded` or `not-sent`. */
      outcome: z.string(),
      because: z.string(),
      p95Ms: durationMs,
      p99Ms: durationMs,
      errorRate: z.number(),
    }),
  ),
  workloads: z.array(
    z.object({
      name: z.string(),
      replicas: count,
      ratePerReplica: z.number(),
      replicasForTarget: z.nullable(count),
    }),
  ),
})

/** The evidence of verify. */
export const verify = z.object({
  url: z.nullable(z.string()),
  namespace: z.nullable(z.string()),
  /** Who caused that the run did not pass; `service` brings the release back. null: no check is against it. */
  cause: z.optional(z.nullable(cause)),
  checks: z.array(check),
  load: z.nullable(load),
  bottleneck: z.optional(z.nullable(bottleneck)),
  capacity: z.optional(z.nullable(capacity)),
  /** Operations of the OpenAPI document that no test covers; null where there is none. */
  uncovered: z.nullable(z.array(z.string())),
})
