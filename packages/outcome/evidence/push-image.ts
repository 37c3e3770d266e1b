import * as z from 'zod/mini'
import { bytes, digest } from './units.ts'

const tag = z.object({
  outcome: z.enum(['created', 'moved', 'unchanged', 'held-back']),
  /** Where it pointed before; null where it was absent. */
  previous: z.nullable(digest),
  because: z.string(),
})

const blob = z.object({ digest, sizeBytes: bytes, how: z.enum(['pushed', 'mounted', 'present']) })

const attestation = z.object({
  predicateType: z.string(),
  /** Of the artifact that holds it. */
  digest,
  how: z.enum(['attached', 'present']),
  isSigned: z.boolean(),
})

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
  /** What lies beside the image. Documents of earlier versions do not have it. */
  attestations: z._default(z.array(attestation), []),
  /** Who signed it; null where nothing is signed. */
  signedBy: z._default(z.nullable(z.string()), null),
  /** Notes for people that decide nothing. */
  notices: z.array(z.string()),
})
