import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, Failure } from '@alt-las/failure'
import {
  blobPath,
  formatPlatform,
  hasImageConfig,
  isTag,
  mediaTypes,
  readJsonBlob,
  readLayout,
  type Descriptor,
  type ImageManifest,
  type Manifest,
  type Platform,
} from '@alt-las/registry'
import type { Environment, Log } from '@alt-las/runner'

/** Looks for an image of this commit under a release's tag. */
export interface Releases {
  /** Writes it as a layout and returns its digest; null where there is none, or where one cannot tell. */
  restore(wanted: Wanted): Promise<string | null>
}

export interface Wanted {
  readonly image: { readonly registry: string; readonly repository: string; readonly name: string }
  readonly username: string
  readonly password: string
  readonly tag: string
  readonly revision: string
  /** Empty: whatever the image has. */
  readonly platforms: readonly string[]
  /** A directory that is not there yet. */
  readonly layoutPath: string
}

/** The read side of a registry, for one repository. */
export interface ImageSource {
  /** By tag or digest; null where the registry says 404. */
  manifest(reference: string): Promise<Manifest | null>
  save(blob: Descriptor, path: string): Promise<void>
}

/** The tags that a release of this ref carries: `v1.2.3` is pushed as `1.2.3`. None for a branch. */
export function releaseTags({
  refType,
  refName,
}: Pick<Environment, 'refType' | 'refName'>): readonly string[] {
  if (refType !== 'tag') return []
  return [...new Set([refName.replace(/^v(?=\d)/, ''), refName])].filter(isTag)
}

/** A registry that does not answer costs a build, not the release: push-image still never moves the release's tag. */
export function releasesIn(open: (wanted: Wanted) => ImageSource, log: Log): Releases {
  return {
    restore: async (wanted) => {
      try {
        return await restore(wanted, open(wanted), log)
      } catch (error) {
        if (!(error instanceof Failure) || error.fault === 'ours' || error.code === 'interrupted') throw error
        log.warn(
          `reuse: cannot tell whether ${wanted.image.name}:${wanted.tag} is this commit, building it: ${describe(error)}`,
        )
        return null
      }
    },
  }
}

async function restore(wanted: Wanted, source: ImageSource, log: Log): Promise<string | null> {
  const top = wanted.revision === '' ? null : await source.manifest(wanted.tag)
  if (top === null) return null
  const manifests = await tree(top, source)
  const images = manifests.filter((one): one is ImageManifest => one.kind === 'manifest')
  await mkdir(join(wanted.layoutPath, 'blobs', 'sha256'), { recursive: true })
  for (const { config } of images) await source.save(config, blobPath(wanted.layoutPath, config.digest))
  const why = await objection(images, wanted)
  if (why !== null) {
    log.line(`reuse: ${wanted.image.name}:${wanted.tag} is ${why}, building anew`)
    return null
  }
  for (const layer of images.flatMap(({ layers }) => layers))
    await source.save(layer, blobPath(wanted.layoutPath, layer.digest))
  await writeIndex(top, manifests, wanted.layoutPath)
  // Every byte that came over the wire is verified here.
  return (await readLayout(wanted.layoutPath)).top.digest
}

async function tree(top: Manifest, source: ImageSource): Promise<readonly Manifest[]> {
  if (top.kind === 'manifest') return [top]
  const found: Manifest[] = []
  for (const { digest } of top.children) {
    const child = await source.manifest(digest)
    if (child === null)
      throw new Failure('image-incomplete', `${digest} of the released index is gone`, { fault: 'outside' })
    found.push(...(await tree(child, source)))
  }
  return [...found, top]
}

/** Why these images are not what is wanted, to follow `is`; null where they are. */
async function objection(manifests: readonly ImageManifest[], wanted: Wanted): Promise<string | null> {
  const configs = await Promise.all(
    manifests
      .filter(hasImageConfig)
      .map(async ({ config }) => (await readJsonBlob(wanted.layoutPath, config)) as Config),
  )
  const revisions = configs.map(({ config }) => config?.Labels?.[revisionLabel] ?? 'no known commit')
  const other = revisions.find((revision) => revision !== wanted.revision)
  if (other !== undefined) return `of ${other}, not of ${wanted.revision}`
  if (configs.length === 0) return 'no image'
  const has = new Set(configs.map(formatPlatform))
  const lacks = wanted.platforms.filter((platform) => !has.has(platform))
  return lacks.length === 0 ? null : `without ${lacks.join(', ')}`
}

async function writeIndex(top: Manifest, manifests: readonly Manifest[], path: string): Promise<void> {
  for (const { descriptor, bytes } of manifests) await writeFile(blobPath(path, descriptor.digest), bytes)
  await writeFile(join(path, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}')
  const index = { schemaVersion: 2, mediaType: mediaTypes.index, manifests: [top.descriptor] }
  await writeFile(join(path, 'index.json'), JSON.stringify(index))
}

const revisionLabel = 'org.opencontainers.image.revision'

type Config = Platform & { readonly config?: { readonly Labels?: Readonly<Record<string, string>> | null } }
