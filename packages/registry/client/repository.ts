import { Readable } from 'node:stream'
import { Failure } from '@alt-las/failure'
import { readAll, type Body, type HttpResponse } from '@alt-las/http'
import { isTag, type Reference } from '../reference.ts'
import { mediaTypes, type Descriptor } from '../descriptor.ts'
import { digestOf, isDigest, type Digest } from '../digest.ts'
import { targetOf } from './endpoint.ts'
import { discard, openSession, type Session, type SessionOptions, type SessionPorts } from './session.ts'
import { asLostUpload } from './lost-upload.ts'
import { manifestType } from './manifest-type.ts'
import { nextPage, readTags } from './tag-list.ts'

export interface FoundManifest {
  readonly digest: Digest
  readonly mediaType: string
  readonly bytes: Uint8Array
}

/**
 * One repository of a registry, by the OCI distribution specification 1.1. Every verb tries again what is transient and throws a Failure with
 * a RegistryCode. Absent is null or false, and only where the registry says 404.
 */
export interface Repository {
  /** `ghcr.io/alt-las/api-gateway` */
  readonly name: string
  /** Opens an upload and cancels it: throws where these credentials may not write here. */
  tryWrite(): Promise<void>
  /** With `size`, a blob of another size counts as absent: it is cut off. */
  hasBlob(digest: Digest, size?: number): Promise<boolean>
  /** Takes a blob over from a sibling repository of the same registry, without a byte of it travelling; false where that cannot be. */
  mount(digest: Digest, sibling: string): Promise<boolean>
  putBlob(digest: Digest, body: Body): Promise<void>
  /** Gives the content of a blob, not verified, to `read`: again from its start where a try broke off. */
  readBlob<T>(digest: Digest, read: (content: Readable) => Promise<T>): Promise<T>
  /** What a tag or a digest stands for; null where it is absent. */
  resolve(reference: string): Promise<Digest | null>
  getManifest(reference: string): Promise<FoundManifest | null>
  /** Stores a manifest under a digest or a tag. */
  putManifest(
    reference: string,
    manifest: { readonly descriptor: Descriptor; readonly bytes: Uint8Array },
  ): Promise<void>
  /** Every tag; none where the repository does not exist yet. */
  tags(): Promise<readonly string[]>
}

export interface RepositoryOptions extends Omit<SessionOptions, 'registry'> {
  readonly at: Pick<Reference, 'registry' | 'repository'>
  readonly access: 'pull' | 'push'
}

const mostPages = 1000
const anyManifest = Object.values(mediaTypes).join(', ')

/** Nothing is sent before the first verb. */
export function openRepository(options: RepositoryOptions, ports: SessionPorts): Repository {
  const { registry, repository } = options.at
  const session = openSession({ ...options, registry }, ports)
  const name = `${registry}/${repository}`
  const head: HeadSupport = { manifests: false, blobs: false }
  const root = `/v2/${repository}`
  const scopes = [`repository:${repository}:${options.access === 'push' ? 'pull,push' : 'pull'}`]
  return {
    name,
    tryWrite: () =>
      session.again(`write to ${name}`, async () => {
        await cancel(session, scopes, await begin(session, root, scopes))
      }),
    hasBlob: (digest, size) =>
      session.again(`look for ${digest}`, () => has(session, { root, scopes, digest, head, size })),
    mount: (digest, sibling) =>
      session.again(`mount ${digest}`, () => mount(session, { root, scopes, sibling, digest, head })),
    putBlob: (digest, body) =>
      session.again(`push ${digest}`, async (attempt) => {
        // A try whose answer got lost may have been a success.
        if (attempt > 1 && (await has(session, { root, scopes, digest, head, size: body.size }))) return
        await upload(session, { root, scopes, digest, body })
      }),
    readBlob: (digest, read) =>
      session.again(`pull ${digest}`, async () => {
        const response = await session.call({
          method: 'GET',
          to: `${root}/blobs/${digest}`,
          scopes,
          expect: [200],
        })
        return read(response.body)
      }),
    resolve: (reference) =>
      session.again(`look up ${name} ${reference}`, () =>
        resolve(session, { root, scopes, reference, head }),
      ),
    getManifest: (reference) =>
      session.again(`read ${name} ${reference}`, () => getManifest(session, root, scopes, reference)),
    putManifest: (reference, manifest) =>
      session.again(`put ${name} ${reference}`, () =>
        putManifest(session, { root, scopes, reference, ...manifest }),
      ),
    tags: () => session.again(`list the tags of ${name}`, () => listTags(session, root, scopes)),
  }
}

async function begin(session: Session, root: string, scopes: readonly string[], query = ''): Promise<URL> {
  const to = `${root}/blobs/uploads/${query}`
  const response = await session.call({ method: 'POST', to, scopes, expect: [202] })
  await discard(response)
  return uploadAt(session, response)
}

function uploadAt(session: Session, response: HttpResponse): URL {
  const location = response.headers['location']
  if (location === undefined) throw broken(session, 'opens an upload without saying where')
  return targetOf(location, session.base)
}

// Not every registry can cancel; an upload that is left alone expires there.
async function cancel(session: Session, scopes: readonly string[], at: URL): Promise<void> {
  try {
    await discard(await session.call({ method: 'DELETE', to: at, scopes, expect: [200, 202, 204, 404, 405] }))
  } catch (error) {
    if (!(error instanceof Failure)) throw error
  }
}

/** What the registry has answered a HEAD of. Some do not serve it: 405, 501, or 404 for what GET finds. */
interface HeadSupport {
  manifests: boolean
  blobs: boolean
}

interface Look {
  readonly root: string
  readonly scopes: readonly string[]
  readonly digest: Digest
  readonly head: HeadSupport
  readonly size?: number | undefined
}

async function has(session: Session, { root, scopes, digest, head, size }: Look): Promise<boolean> {
  const call = { to: `${root}/blobs/${digest}`, scopes, expect: [200, 404, 405, 501] }
  let response = await session.call({ method: 'HEAD', ...call })
  await discard(response)
  if (response.status === 200) head.blobs = true
  else if (!head.blobs) {
    response = await session.call({ method: 'GET', ...call, expect: [200, 404] })
    // Its content is of no interest here.
    response.body.destroy()
  }
  const shown = response.headers['content-length']
  const isWhole = size === undefined || shown === undefined || Number(shown) === size
  return response.status === 200 && isWhole
}

interface Mount {
  readonly root: string
  readonly scopes: readonly string[]
  readonly sibling: string
  readonly digest: Digest
  readonly head: HeadSupport
}

// To be denied the sibling means only that the blob has to travel.
async function mount(session: Session, { root, scopes, sibling, digest, head }: Mount): Promise<boolean> {
  const both = [...scopes, `repository:${sibling}:pull`]
  try {
    if (!(await has(session, { root: `/v2/${sibling}`, scopes: both, digest, head }))) return false
    const to = `${root}/blobs/uploads/?${new URLSearchParams({ mount: digest, from: sibling }).toString()}`
    const response = await session.call({ method: 'POST', to, scopes: both, expect: [201, 202] })
    await discard(response)
    if (response.status === 201) return true
    await cancel(session, both, uploadAt(session, response))
    return false
  } catch (error) {
    if (error instanceof Failure && /^registry-(unauthorized|denied|absent|refused)$/.test(error.code))
      return false
    throw error
  }
}

interface Upload {
  readonly root: string
  readonly scopes: readonly string[]
  readonly digest: Digest
  readonly body: Body
}

async function upload(session: Session, { root, scopes, digest, body }: Upload): Promise<void> {
  const to = await begin(session, root, scopes)
  // Added as text: to write the query again could change a signature in it.
  to.search += `${to.search === '' ? '?' : '&'}digest=${encodeURIComponent(digest)}`
  const headers = { 'content-type': 'application/octet-stream' }
  try {
    await discard(await session.call({ method: 'PUT', to, headers, body, scopes, expect: [201, 202, 204] }))
  } catch (error) {
    throw asLostUpload(error)
  }
}

interface Resolve {
  readonly root: string
  readonly scopes: readonly string[]
  readonly reference: string
  readonly head: HeadSupport
}

async function resolve(session: Session, { root, scopes, reference, head }: Resolve): Promise<Digest | null> {
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

async function getManifest(
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
  const bytes = await readAll(response)
  if (response.status === 404) return null
  const digest = digestOf(bytes)
  if (isDigest(reference) && digest !== reference)
    throw broken(session, `sends content of the digest ${digest} for ${reference}`)
  return { digest, mediaType: manifestType(response.headers['content-type'] ?? '', bytes), bytes }
}

interface Put {
  readonly root: string
  readonly scopes: readonly string[]
  readonly reference: string
  readonly descriptor: Descriptor
  readonly bytes: Uint8Array
}

async function putManifest(session: Session, put: Put): Promise<void> {
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

async function listTags(
  session: Session,
  root: string,
  scopes: readonly string[],
): Promise<readonly string[]> {
  const tags: string[] = []
  let to: string | URL | null = `${root}/tags/list?n=1000`
  for (let page = 0; to !== null && page < mostPages; page += 1) {
    const response: HttpResponse = await session.call({ method: 'GET', to, scopes, expect: [200, 404] })
    const bytes = await readAll(response)
    if (response.status === 404) return tags
    tags.push(...readTags(bytes, session.base.host))
    to = nextPage(response.headers['link'], session.base)
  }
  // A part of a list would hide versions.
  if (to !== null) throw broken(session, `lists more than ${mostPages} pages of tags`)
  return tags
}

function manifestPath(root: string, reference: string): string {
  if (isDigest(reference) || isTag(reference)) return `${root}/manifests/${reference}`
  throw new Failure('bad-reference', `got ${JSON.stringify(reference)}, expected a tag or a digest`, {
    fault: 'input',
  })
}

function broken(session: Session, what: string): Failure<'registry-broken'> {
  return new Failure('registry-broken', `${session.base.host} ${what}`, { fault: 'outside' })
}
