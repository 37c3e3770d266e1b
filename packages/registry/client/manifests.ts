import { Readable } from 'node:stream'
import { Failure } from '@alt-las/failure'
import { readAll, type HttpResponse } from '@alt-las/http'
import { mediaTypes, type Descriptor } from '../descriptor.ts'
import { digestOf, isDigest, type Digest } from '../digest.ts'
import { mostManifestBytes } from '../limits.ts'
import { isTag } from '../reference.ts'
import { manifestType } from './manifest-type.ts'
import { broken } from './refusal.ts'
import { discard, type HeadSupport, type Session } from './session.ts'

export interface FoundManifest {
  readonly digest: Digest
  readonly mediaType: string
  readonly bytes: Uint8Array
}

const anyManifest = Object.values(mediaTypes).join(', ')

interface Resolve {
  readonly root: string
  readonly scopes: readonly string[]
  readonly reference: string
  readonly head: HeadSupport
}

/** The digest of a tag; null where it is absent. */
export async function resolveReference(
  session: Session,
  { root, scopes, reference, head }: Resolve,
): Promise<Digest | null> {
  const call = {
    to: manifestPath(root, reference),
    headers: { accept: anyManifest },
    scopes,
    expect: [200, 404, 405, 501],
  }
  const response = await session.call({ method: 'HEAD', ...call })
  await discard(response)
  if (response.status === 404 && head.manifests) return null
  if (response.status === 200) head.manifests = true
  const digest = response.headers['docker-content-digest']
  if (response.status !== 200 || digest === undefined)
    return (await getManifest(session, root, scopes, reference))?.digest ?? null
  if (!isDigest(digest)) throw broken(session, `answers with the digest ${JSON.stringify(digest)}`)
  return digest
}

export async function getManifest(
  session: Session,
  root: string,
  scopes: readonly string[],
  reference: string,
): Promise<FoundManifest | null> {
  const call = {
    to: manifestPath(root, reference),
    headers: { accept: anyManifest },
    scopes,
    expect: [200, 404],
  }
  const response = await session.call({ method: 'GET', ...call })
  const bytes = await readManifestBytes(session, response)
  if (response.status === 404) return null
  const digest = digestOf(bytes)
  if (isDigest(reference) && digest !== reference)
    throw broken(session, `sends content of the digest ${digest} for ${reference}`)
  return { digest, mediaType: manifestType(response.headers['content-type'] ?? '', bytes), bytes }
}

async function readManifestBytes(session: Session, response: HttpResponse): Promise<Uint8Array> {
  return readAll(response, mostManifestBytes).catch((error: unknown) => {
    const isTooLarge = error instanceof Failure && error.code === 'http-too-large'
    throw isTooLarge ? broken(session, `sends a manifest of more than ${mostManifestBytes} bytes`) : error
  })
}

interface Put {
  readonly root: string
  readonly scopes: readonly string[]
  readonly reference: string
  readonly descriptor: Descriptor
  readonly bytes: Uint8Array
}

export async function putManifest(session: Session, put: Put): Promise<void> {
  const { root, scopes, reference, descriptor, bytes } = put
  const response = await session.call({
    method: 'PUT',
    to: manifestPath(root, reference),
    headers: { 'content-type': descriptor.mediaType },
    body: { size: bytes.length, open: () => Readable.from([bytes]) },
    scopes,
    expect: [200, 201, 202, 204],
  })
  await discard(response)
}

function manifestPath(root: string, reference: string): string {
  if (isDigest(reference) || isTag(reference)) return `${root}/manifests/${reference}`
  throw new Failure('bad-reference', `got ${JSON.stringify(reference)}, expected a tag or a digest`, {
    fault: 'input',
  })
}
