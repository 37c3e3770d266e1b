import * as z from 'zod/mini'
import { bytes, digest, durationMs } from './units.ts'

const layer = z.object({
  digest,
  sizeBytes: bytes,
  /** The instruction that made it; '' if the history does not name one. */
  createdBy: z.string(),
})

const platform = z.object({
  /** `linux/amd64`, `linux/arm64/v8`. */
  platform: z.string(),
  digest,
  /** Compressed layers. */
  sizeBytes: bytes,
  layers: z.array(layer),
  /** '' where none is set: root. */
  user: z.string(),
  hasHealthcheck: z.boolean(),
  labels: z.record(z.string(), z.string()),
})

const test = z.object({
  /** Stage of the Dockerfile. */
  target: z.string(),
  passed: z.boolean(),
  durationMs,
  /** The failing step and the end of its log; '' where it passed. */
  tail: z.string(),
  /** 1-based line of the Dockerfile. */
  line: z.nullable(z.number()),
})

const finding = z.object({
  rule: z.string(),
  message: z.string(),
  /** 1-based line of the Dockerfile. */
  line: z.number(),
  kind: z.enum(['refuses', 'reported', 'waived']),
  /** The reason of the waiver; '' without one. */
  reason: z.string(),
})

/** The evidence of build-image. */
export const buildImage = z.object({
  revision: z.string(),
  version: z.string(),
  /** Seconds since 1970, as in SOURCE_DATE_EPOCH. */
  sourceDateEpoch: z.number(),
  /** The tag under which the registry already holds exactly this image. */
  releasedAs: z.nullable(z.string()),
  /** Directory of the OCI layout; null where none was made. */
  layout: z.nullable(z.string()),
  platforms: z.array(platform),
  /** null where there is no test stage, or the image was used again. */
  test: z.nullable(test),
  findings: z.array(finding),
  /** Rules that could not be judged, and why. */
  unjudged: z.array(z.object({ rule: z.string(), because: z.string(), line: z.number() })),
})
