import { describe, Failure } from '@alt-las/failure'
import { tagOf, type Repository } from '@alt-las/registry'
import type { Environment, Log } from '@alt-las/runner'

// A label or a tag does not prove the origin of an image, so the build is never skipped. The digest is
// reproducible: a second build of a commit gives the released image, and this code only reports it.

/** The read side of a registry, for one repository. */
export type ReleaseSource = Pick<Repository, 'name' | 'resolve'>

/** The tags that a release of this ref carries, as push-image spells them: `v1.2.3+a` is `1.2.3-a`. None for a branch. */
export function releaseTags({
  refType,
  refName,
}: Pick<Environment, 'refType' | 'refName'>): readonly string[] {
  if (refType !== 'tag') return []
  return [...new Set([tagOf(refName.replace(/^v(?=\d)/, '')), tagOf(refName)])]
}

/** The tag under which the registry already holds exactly this image; null where none does, or the registry does not answer. */
export async function findReleased(
  digest: string,
  tags: readonly string[],
  source: ReleaseSource,
  log: Log,
): Promise<string | null> {
  try {
    for (const tag of tags) {
      const held = await source.resolve(tag)
      if (held === digest) return tag
      if (held !== null)
        log.warn(
          `${source.name}:${tag} is already ${held}, not this image; push-image moves no tag that is immutable`,
        )
    }
    return null
  } catch (error) {
    if (!(error instanceof Failure) || error.fault === 'ours') throw error
    log.warn(`cannot check whether ${source.name} already holds this image: ${describe(error)}`)
    return null
  }
}
