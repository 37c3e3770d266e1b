import { rm } from 'node:fs/promises'
import { describe, Failure } from '@alt-las/failure'
import { isTag, pullLayout, type Repository } from '@alt-las/registry'
import type { Environment, Log } from '@alt-las/runner'
import { platformImages, type PlatformImage } from '../image.ts'

/** The read side of a registry, for one repository. */
export type ReleaseSource = Pick<Repository, 'name' | 'resolve' | 'getManifest' | 'openBlob'>

export interface Wanted {
  readonly tag: string
  /** The commit, '' where not known. */
  readonly revision: string
  /** Empty: whatever the image has. */
  readonly platforms: readonly string[]
  /** A directory that is not there yet. */
  readonly layoutPath: string
}

/** The tags that a release of this ref carries: `v1.2.3` is pushed as `1.2.3`. None for a branch. */
export function releaseTags({
  refType,
  refName,
}: Pick<Environment, 'refType' | 'refName'>): readonly string[] {
  if (refType !== 'tag') return []
  return [...new Set([refName.replace(/^v(?=\d)/, ''), refName])].filter(isTag)
}

/**
 * Brings the image of this very commit from the release's tag into a layout; false where there is none. A registry that does not answer
 * costs a build, not the release: what is built then has the same digest, or push-image does not move the tag.
 */
export async function restore(wanted: Wanted, source: ReleaseSource, log: Log): Promise<boolean> {
  if (wanted.revision === '') return false
  try {
    const digest = await source.resolve(wanted.tag)
    if (digest === null) return false
    const layout = await pullLayout(source, digest, wanted.layoutPath)
    const why = objection(await platformImages(layout), wanted)
    if (why === null) return true
    log.line(`reuse: ${source.name}:${wanted.tag} is ${why}; building anew`)
    await rm(wanted.layoutPath, { recursive: true })
    return false
  } catch (error) {
    if (!(error instanceof Failure) || error.fault === 'ours') throw error
    log.warn(
      `reuse: cannot tell whether ${source.name}:${wanted.tag} is this commit; building it: ${describe(error)}`,
    )
    return false
  }
}

/** Why these images are not what is wanted, to follow `is`; null where they are. */
function objection(images: readonly PlatformImage[], { revision, platforms }: Wanted): string | null {
  if (images.length === 0) return 'no image'
  const revisions = images.map(
    ({ config }) => config.labels['org.opencontainers.image.revision'] ?? 'no known commit',
  )
  const other = revisions.find((one) => one !== revision)
  if (other !== undefined) return `of ${other}, not of ${revision}`
  const lacks = platforms.filter((platform) => !images.some((image) => image.platform === platform))
  return lacks.length === 0 ? null : `without ${lacks.join(', ')}`
}
