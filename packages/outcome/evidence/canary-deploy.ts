import * as z from 'zod/mini'
import { forecast } from './forecast.ts'
import { atMs, count, durationMs, percent } from './units.ts'

const figures = z.object({ requests: count, errors: count })
const arm = z.object({ requests: count, errors: count, p95Ms: z.nullable(durationMs) })

/** Traffic of both versions over one interval. */
const stretch = z.object({
  fromMs: atMs,
  toMs: atMs,
  /** The new version's share of the traffic at its end. */
  weightPercent: percent,
  canary: arm,
  stable: arm,
  /** Value of the test against the new version. */
  value: z.number(),
})

const judgement = z.object({
  /** Value of the test against the new version; it is rolled back at `limit`. */
  value: z.number(),
  limit: z.number(),
  because: z.string(),
  steps: z.array(z.object({ weightPercent: percent, canary: figures, stable: figures, blocks: count })),
  /** Oldest first, without overlaps. */
  course: z.array(stretch),
  /** What the history promised before the first weight; absent where no history was known. */
  forecast: z.optional(
    z.object({
      historyMs: durationMs,
      requestsPerSecond: z.number(),
      /** 0..1 */
      errorRate: z.number(),
      dispersion: z.number(),
      /** To the new version, until an equal one is proven. */
      requests: count,
      /** null: not within max-duration. */
      proofMs: z.nullable(durationMs),
      because: z.string(),
    }),
  ),
  /** What on-quiet took; absent where a proof could come in time. */
  quiet: z.optional(z.object({ taken: z.string(), because: z.string() })),
})

/** Why pods could not run. */
const cause = z.object({
  kind: z.string(),
  because: z.string(),
  /** Whether it may still resolve by itself. */
  heals: z.boolean(),
  /** Its start; null = unknown. */
  sinceMs: z.nullable(atMs),
  fault: z.enum(['version', 'surroundings']),
  about: z.optional(z.string()),
  pod: z.optional(z.string()),
  container: z.optional(z.string()),
  figures: z.optional(z.record(z.string(), z.unknown())),
})

const tested = z.enum(['passed', 'refused', 'failed'])
const smoke = z.object({
  outcome: tested,
  because: z.string(),
  checks: z.array(z.object({ name: z.string(), outcome: tested, because: z.string(), durationMs })),
})

const moment = z.object({ atMs, phase: z.string(), weightPercent: percent, because: z.string() })

const release = z.object({
  release: z.string(),
  image: z.string(),
  atMs,
  undone: z.boolean(),
  /** False where the state had no room for its workload. */
  returnable: z.boolean(),
  configs: z.array(z.string()),
})

/** The recorded state of a target. */
const state = z.object({
  workload: z.string(),
  router: z.string(),
  phase: z.string(),
  epoch: z.number(),
  /** null where no release is recorded. */
  current: z.nullable(z.string()),
  releases: z.array(release),
})

const target = z.object({
  namespace: z.string(),
  deployment: z.string(),
  verdict: z.enum(['promoted', 'rolled-back', 'paused', 'unchanged', 'halted']),
  because: z.string(),
  release: z.string(),
  image: z.string(),
  previousImage: z.nullable(z.string()),
  /** The new version's share of the traffic at the end. */
  weightPercent: percent,
  /** null where nothing had to be done. */
  strategy: z.nullable(z.string()),
  judgement: z.nullable(judgement),
  /** null where no synthetic requests were asked for. */
  synthetic: z.nullable(z.object({ sent: count, failed: count, answers: z.record(z.string(), count) })),
  /** API tests before the first traffic; absent where none were asked for, or where they have not ended. */
  smoke: z.optional(smoke),
  cause: z.nullable(cause),
  timeline: z.array(moment),
  /** With `operation: status`. */
  state: z.optional(state),
})

/** The evidence of canary-deploy: one entry for each target, for every operation. */
export const canaryDeploy = z.object({
  operation: z.string(),
  /** The router, with `deploy`. */
  router: z.nullable(z.object({ kind: z.string(), because: z.string() })),
  targets: z.array(target),
  /** With `dry-run`. */
  forecasts: z.array(forecast),
})
