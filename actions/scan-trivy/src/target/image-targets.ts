import { join } from 'node:path'
import { Failure } from '@alt-las/failure'
import {
  blobPath,
  foreignLayerMissing,
  formatPlatform,
  formatReference,
  images,
  nameInLayout,
  pullLayout,
  readLayout,
  type ImageManifest,
  type Reference,
} from '@alt-las/registry'
import { badInputs } from '@alt-las/runner'
import type { FileSystem, ImageSource } from '../ports.ts'
import type { ScanTarget, ScanTargets } from './scan-target.ts'

export interface TargetPorts {
  readonly files: FileSystem
  readonly openImage: (at: Reference) => Promise<ImageSource>
}

/** Pulls the whole image by its digest: Trivy itself would scan one platform of an index, and resolve a tag a second time. */
export async function pullTargets(
  reference: Reference,
  own: string,
  { files, openImage }: TargetPorts,
): Promise<ScanTargets> {
  const image = await openImage(reference)
  const digest = reference.digest ?? (await image.resolve(reference.tag ?? 'latest'))
  if (digest === null)
    throw new Failure('image-unreadable', `image-ref: ${formatReference(reference)} is not in the registry`, {
      fault: 'input',
      hint: 'check the name and the tag, or give the digest',
    })
  const path = join(own, 'image')
  await pullLayout(image, digest, path)
  return { ...(await layoutTargets(path, own, files)), image: image.name, name: `${image.name}@${digest}` }
}

/** Trivy reads only the first image of a layout: each platform gets its own layout, whose blobs are a link to the given one's. */
export async function layoutTargets(path: string, own: string, files: FileSystem): Promise<ScanTargets> {
  if ((await files.kind(path)) === 'file')
    throw badInputs([
      `input: got ${path}, which is a file, expected the directory of an OCI layout such as build-image's output oci-layout`,
    ])
  const layout = await readLayout(path)
  const [missing] = layout.foreign
  if (missing !== undefined) throw foreignLayerMissing(missing, 'the image')
  const targets = await Promise.all(
    images(layout).map(async (image, index): Promise<ScanTarget> => {
      const platform = image.platform === null ? '' : formatPlatform(image.platform)
      // Trivy writes this directory's name into findings of distribution packages.
      const single = join(own, String(index), platform.replaceAll('/', '-'))
      await writeSingle(image, { from: path, to: single }, files)
      const layers = image.layers.map(({ digest }) => blobPath(path, digest))
      return { platform, subject: { kind: 'layout', path: single }, imageId: image.config.digest, layers }
    }),
  )
  if (targets.length === 0)
    throw badInputs([`input: got ${path}, a layout without an image of any platform, expected at least one`])
  const { digest } = layout.top
  return { targets, digest, image: nameInLayout(layout)?.repository ?? null, name: digest }
}

async function writeSingle(
  image: ImageManifest,
  { from, to }: { readonly from: string; readonly to: string },
  files: FileSystem,
): Promise<void> {
  const { mediaType, digest, size } = image.descriptor
  await files.ensureDirectory(to)
  await files.link(join(from, 'blobs'), join(to, 'blobs'))
  await files.write(join(to, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}')
  await files.write(
    join(to, 'index.json'),
    JSON.stringify({ schemaVersion: 2, manifests: [{ mediaType, digest, size }] }),
  )
}
