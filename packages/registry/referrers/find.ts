import { Failure } from '@alt-las/failure'
import type { Repository } from '../client/repository.ts'
import { isIndex, record, type Descriptor } from '../descriptor.ts'
import type { Digest } from '../digest.ts'
import { mostReferrers } from '../limits.ts'
import { readDescriptors } from '../manifest.ts'

/** The tag whose index lists what refers to a digest, in registries without the referrers API. */
export function fallbackTag(digest: Digest): string {
  return digest.replace(':', '-')
}

/**
 * What refers to an image: by the referrers API, else by the index under the fallback tag. Whoever may push can put anything there.
 * Throws Failure `registry-broken` for a list that is not valid.
 */
export async function findReferrers(
  repository: Pick<Repository, 'name' | 'referrers' | 'getManifest'>,
  digest: Digest,
): Promise<readonly Descriptor[]> {
  return (await repository.referrers(digest)) ?? (await readFallback(repository, digest)).entries
}

/** The index under the fallback tag. */
export interface Fallback {
  /** null = no such tag. */
  readonly digest: Digest | null
  readonly entries: readonly Descriptor[]
}

export async function readFallback(
  repository: Pick<Repository, 'name' | 'getManifest'>,
  subject: Digest,
): Promise<Fallback> {
  const tag = fallbackTag(subject)
  const found = await repository.getManifest(tag)
  if (found === null) return { digest: null, entries: [] }
  const { digest, mediaType, bytes } = found
  const bad = (what: string) =>
    new Failure('registry-broken', `${repository.name}:${tag} does not list referrers: ${what}`, {
      fault: 'outside',
      hint: `delete the tag ${tag}; it is written again with the next push`,
    })
  if (!isIndex(mediaType)) throw bad(`its type is ${JSON.stringify(mediaType)}, expected an OCI index`)
  let entries: readonly Descriptor[]
  try {
    entries = readDescriptors(record(JSON.parse(new TextDecoder().decode(bytes)), 'the index'), 'manifests')
  } catch (error) {
    throw bad(error instanceof Error ? error.message : String(error))
  }
  if (entries.length > mostReferrers)
    throw bad(`it has ${entries.length} entries, expected at most ${mostReferrers}`)
  return { digest, entries }
}
