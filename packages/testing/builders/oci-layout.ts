import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  blobPath,
  digestOf,
  mediaTypes,
  type Descriptor,
  type Digest,
  type Platform,
} from '@alt-las/registry'

export interface LayoutSpec {
  /** Contents of the layers; by default two short texts. */
  readonly layers?: readonly (string | Uint8Array)[]
  /** Layers that the image names and the layout lacks. */
  readonly foreign?: readonly Descriptor[]
  readonly platform?: Platform
  /** Labels of the image's configuration. */
  readonly labels?: Readonly<Record<string, string>>
  /** More of the configuration, such as `User`. */
  readonly config?: Readonly<Record<string, unknown>>
  /** With these the layout holds an index with one image each; the layers get the platform's name appended. */
  readonly platforms?: readonly Platform[]
}

export interface WrittenLayout {
  readonly path: string
  readonly digest: Digest
  /** Digests of layers and configurations. */
  readonly blobs: readonly Digest[]
}

/** Writes an OCI image layout into a new folder beneath the system's temporary one. */
export async function writeLayout(spec: LayoutSpec = {}): Promise<WrittenLayout> {
  const path = await mkdtemp(join(tmpdir(), 'oci layout '))
  await mkdir(join(path, 'blobs', 'sha256'), { recursive: true })
  const blobs: Digest[] = []
  const put = async (mediaType: string, bytes: string | Uint8Array): Promise<Descriptor> => {
    const digest = digestOf(bytes)
    await writeFile(blobPath(path, digest), bytes)
    return { mediaType, digest, size: Buffer.byteLength(bytes) }
  }
  const image = async (platform: Platform, suffix: string): Promise<Descriptor> => {
    const layers = await Promise.all(
      (spec.layers ?? ['layer one', 'layer two']).map((layer) =>
        put('application/vnd.oci.image.layer.v1.tar+gzip', suffix === '' ? layer : `${layer}${suffix}`),
      ),
    )
    const config = await put('application/vnd.oci.image.config.v1+json', configOf(platform, spec, layers))
    blobs.push(config.digest, ...layers.map(({ digest }) => digest))
    const all = [...layers, ...(spec.foreign ?? [])]
    const manifest = { schemaVersion: 2, mediaType: mediaTypes.manifest, config, layers: all }
    return { ...(await put(mediaTypes.manifest, JSON.stringify(manifest))) }
  }
  const top =
    spec.platforms === undefined
      ? await image(spec.platform ?? { os: 'linux', architecture: 'amd64' }, '')
      : await put(mediaTypes.index, await indexOf(spec.platforms, image))
  await writeFile(join(path, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}')
  await writeFile(join(path, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [top] }))
  return { path, digest: top.digest, blobs }
}

function configOf(platform: Platform, spec: LayoutSpec, layers: readonly Descriptor[]): string {
  const rootfs = { type: 'layers', diff_ids: layers.map(({ digest }) => digest) }
  return JSON.stringify({ ...platform, config: { ...spec.config, Labels: spec.labels ?? {} }, rootfs })
}

async function indexOf(
  platforms: readonly Platform[],
  image: (platform: Platform, suffix: string) => Promise<Descriptor>,
): Promise<string> {
  const manifests: Descriptor[] = []
  for (const platform of platforms)
    manifests.push({ ...(await image(platform, ` ${platform.os}/${platform.architecture}`)), platform })
  return JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.index, manifests })
}
