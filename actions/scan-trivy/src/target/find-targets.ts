import { join, resolve } from 'node:path'
import { Failure } from '@alt-las/failure'
import { badInputs } from '@alt-las/runner'
import {
  formatPlatform,
  images,
  parseReference,
  pullLayout,
  readLayout,
  type ImageManifest,
  type Reference,
  type Repository,
} from '@alt-las/registry'
import type { Files } from '../files.ts'
import type { Source } from '../inputs.ts'
import type { Target } from '../trivy/arguments.ts'

/** One run of the scanner, and what it must turn out to have scanned. */
export interface Job {
  /** `linux/amd64`, '' for what has no platform. */
  readonly platform: string
  readonly target: Target
  /** Digest of the image's configuration, which Trivy's report must name; null where that cannot be told beforehand. */
  readonly imageId: string | null
}

export interface Targets {
  readonly jobs: readonly Job[]
  /** Of the whole image; null for what is none. */
  readonly digest: string | null
  /** For people. */
  readonly name: string
}

/** The read side of a registry, for one repository. */
export type ImageSource = Pick<Repository, 'name' | 'resolve' | 'getManifest' | 'readBlob'>

export interface TargetPorts {
  readonly files: Files
  /** Nothing is asked before the first verb. */
  readonly openImage: (reference: Reference) => Promise<ImageSource>
}

/** What is to be scanned, verified byte by byte where it is an image. Throws Failure `image-unreadable` and those of layout and registry. */
export async function findTargets(
  source: Source,
  at: { readonly workspace: string; readonly own: string },
  ports: TargetPorts,
): Promise<Targets> {
  switch (source.kind) {
    case 'layout':
      return layoutTargets(resolve(at.workspace, source.path), at.own, ports.files)
    case 'image':
      return imageTargets(source.reference, at.own, ports)
    case 'directory':
    case 'sbom': {
      const path = resolve(at.workspace, source.path)
      const expected = source.kind === 'sbom' ? 'file' : 'directory'
      const found = await ports.files.kind(path)
      const name = source.kind === 'sbom' ? 'sbom' : 'scan-ref'
      if (found !== expected)
        throw badInputs([
          `${name}: ${source.path} is ${found === null ? 'not there' : `a ${found}`}, expected a ${expected}`,
        ])
      const target = { kind: source.kind, path }
      return { jobs: [{ platform: '', target, imageId: null }], digest: null, name: source.path }
    }
  }
}

// Trivy would scan one platform of an index, and resolve a tag a second time: the image is brought here whole, by its digest.
async function imageTargets(text: string, own: string, ports: TargetPorts): Promise<Targets> {
  const reference = parseReference(text)
  const image = await ports.openImage(reference)
  const digest = reference.digest ?? (await image.resolve(reference.tag ?? 'latest'))
  if (digest === null)
    throw new Failure('image-unreadable', `image-ref: ${text} is not in the registry`, {
      fault: 'input',
      hint: 'check the name and the tag, best give the digest',
    })
  const path = join(own, 'image')
  await pullLayout(image, digest, path)
  return { ...(await layoutTargets(path, own, ports.files)), name: `${image.name}@${digest}` }
}

// Trivy reads the first image of a layout only: each platform gets a layout of its own, whose blobs are the given one's.
async function layoutTargets(path: string, own: string, files: Files): Promise<Targets> {
  if ((await files.kind(path)) === 'file')
    throw badInputs([
      `input: ${path} is a file, expected the directory of an OCI layout such as build-image's output oci-layout`,
    ])
  const layout = await readLayout(path)
  const jobs = await Promise.all(
    images(layout).map(async (image, index): Promise<Job> => {
      const platform = image.platform === null ? '' : formatPlatform(image.platform)
      // Trivy names what it finds in packages of the distribution after this directory.
      const single = join(own, String(index), platform.replaceAll('/', '-'))
      await writeSingle(image, { from: path, to: single }, files)
      return {
        platform,
        target: { kind: 'layout', path: single },
        imageId: image.config.digest,
      }
    }),
  )
  if (jobs.length === 0) throw badInputs([`input: the layout ${path} holds no image of any platform`])
  return { jobs, digest: layout.top.digest, name: layout.top.digest }
}

async function writeSingle(
  image: ImageManifest,
  { from, to }: { readonly from: string; readonly to: string },
  files: Files,
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
