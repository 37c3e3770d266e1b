import { Failure } from '@alt-las/failure'
import { readLabels, type Digest, type Repository } from '@alt-las/registry'
import { versionTags, type Floating } from './floating.ts'
import { parseVersion, type Version } from './version.ts'

// A floating tag mostly points to the highest version of its range: more looks than these are not worth their time.
const mostLooks = 20
// An unreadable image has no version; a registry that does not answer is an error.
const silent = /^(?:registry-(?:broken|absent|denied|unauthorized|refused)|http-too-large)$/

/** The version of the image that a floating tag points to now: by a tag of a whole version, else by its label; null if neither has one. */
export async function currentVersion(
  digest: Digest,
  { floats, existing }: { readonly floats: Floating; readonly existing: readonly string[] },
  repository: Pick<Repository, 'name' | 'resolve' | 'getManifest' | 'readBlob'>,
): Promise<Version | null> {
  for (const { tag, version } of versionTags(floats, existing).slice(0, mostLooks))
    if ((await repository.resolve(tag)) === digest) return version
  try {
    const labels = await readLabels(repository, digest)
    return parseVersion(labels['org.opencontainers.image.version'] ?? '')
  } catch (error) {
    if (error instanceof Failure && silent.test(error.code)) return null
    throw error
  }
}
