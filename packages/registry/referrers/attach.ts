import { Readable } from 'node:stream'
import { Failure } from '@alt-las/failure'
import type { Repository } from '../client/repository.ts'
import { mediaTypes, type Descriptor } from '../descriptor.ts'
import { digestOf, type Digest } from '../digest.ts'
import { artifactManifest, emptyConfig, type Artifact } from './artifact.ts'
import { fallbackTag, readFallback } from './find.ts'

export type { Artifact } from './artifact.ts'

type Target = Pick<
  Repository,
  'name' | 'hasBlob' | 'putBlob' | 'putManifest' | 'getManifest' | 'resolve' | 'referrers'
>

/** Tries of the fallback index: each one that is lost to another writer is made again on what that writer left. */
const tries = 10

/**
 * Attaches a document to an image: as an OCI 1.1 artifact whose `subject` is the image, which stays as it is. Where the registry has no
 * referrers API, the fallback tag lists it too. Throws Failure `referrers-race` where other writers win every time.
 */
export async function attach(repository: Target, artifact: Artifact): Promise<Descriptor> {
  const { descriptor, bytes, layer } = artifactManifest(artifact)
  await placeBlob(repository, emptyConfig.descriptor.digest, emptyConfig.bytes)
  await placeBlob(repository, layer, artifact.layer.bytes)
  await repository.putManifest(descriptor.digest, { descriptor, bytes })
  const subject = artifact.subject.digest
  const listed = await repository.referrers(subject)
  if (listed === null) await listByTag(repository, subject, descriptor)
  else if (!listed.some(({ digest }) => digest === descriptor.digest))
    throw new Failure(
      'not-attached',
      `${repository.name} does not list ${descriptor.digest} for ${subject}`,
      {
        fault: 'outside',
        hint: 'run it again; if it fails again, the registry ignores the field `subject`',
      },
    )
  return descriptor
}

async function placeBlob(repository: Target, digest: Digest, bytes: Uint8Array): Promise<void> {
  if (await repository.hasBlob(digest, bytes.length)) return
  await repository.putBlob(digest, { size: bytes.length, open: () => Readable.from([bytes]) })
}

// A registry has no compare-and-swap: the tag is read right before and right after the write.
async function listByTag(repository: Target, subject: Digest, entry: Descriptor): Promise<void> {
  const tag = fallbackTag(subject)
  for (let attempt = 1; attempt <= tries; attempt += 1) {
    const { digest, entries } = await readFallback(repository, subject)
    if (entries.some((one) => one.digest === entry.digest)) return
    const index = indexOf([...entries, entry])
    if ((await repository.resolve(tag)) !== digest) continue
    await repository.putManifest(tag, index)
  }
  const { entries } = await readFallback(repository, subject)
  if (entries.some((one) => one.digest === entry.digest)) return
  throw new Failure('referrers-race', `${repository.name}:${tag} was overwritten ${tries} times`, {
    fault: 'outside',
    hint: 'jobs that push the same image need a `concurrency` group; then run it again',
  })
}

function indexOf(manifests: readonly Descriptor[]) {
  const document = { schemaVersion: 2, mediaType: mediaTypes.index, manifests }
  const bytes = new TextEncoder().encode(JSON.stringify(document))
  return { bytes, descriptor: { mediaType: mediaTypes.index, digest: digestOf(bytes), size: bytes.length } }
}
