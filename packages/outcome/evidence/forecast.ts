import * as z from 'zod/mini'
import { count, durationMs, percent } from './units.ts'

const stage = z.object({
  name: z.string(),
  /** The new version's share; null where no router splits the traffic. */
  weightPercent: z.nullable(percent),
  oldPods: count,
  newPods: count,
  /** At least; readiness of pods comes on top. */
  durationMs,
})

/** The effects of a canary-deploy run on one target. */
export const forecast = z.object({
  namespace: z.string(),
  deployment: z.string(),
  release: z.string(),
  image: z.string(),
  /** Image that serves now; null = none. */
  serving: z.nullable(z.string()),
  because: z.string(),
  changes: z.array(z.object({ object: z.string(), change: z.string() })),
  stages: z.array(stage),
  pods: z.object({ now: count, peak: count }),
  /** The traffic that a decision needs; empty if nothing is judged. */
  traffic: z.array(z.object({ fact: z.string(), figures: z.string() })),
  /** Problems that would prevent the run. */
  problems: z.array(z.string()),
})
