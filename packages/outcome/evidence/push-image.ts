import * as z from 'zod/mini'
import { bytes, digest } from './units.ts'

const tag = z.object({
  outcome: z.enum(['created', 'moved', 'unchanged', 'held-back']),
  /** Where it pointed before; null where it was absent. */
  previous: z.nullable(digest),
  because: z.string(),
})

const blob = z.object({ digest, sizeBytes: bytes, how: z.enum(['pushed', 'mounted', 'present']) })

/** The evidence of push-image. */
export const pushImage = z.object({
  operation: z.string(),
  repository: z.string(),
  /** `name@digest` once it is in the registry. */
  image: z.nullable(z.string()),
  digest: z.nullable(digest),
  platforms: z.array(z.string()),
  /** Tags that point to the digest. */
  tags: z.array(z.string()),
  tagOutcome: z.record(z.string(), tag),
  pushedBytes: bytes,
  skippedBytes: bytes,
  blobs: z.array(blob),
  /** Digests of the manifests that were put. */
  manifests: z.array(digest),
  /** null where no scan was asked for. */
  scan: z.nullable(z.object({ report: z.string(), because: z.string() })),
  /** Notes for people that decide nothing. */
  notices: z.array(z.string()),
})
