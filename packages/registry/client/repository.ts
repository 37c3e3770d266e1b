import type { Readable } from 'node:stream'
import type { Body } from '@alt-las/http'
import type { Descriptor } from '../descriptor.ts'
import type { Digest } from '../digest.ts'
import type { Reference } from '../reference.ts'
import { hasBlob, mountBlob } from './blobs.ts'
import { getManifest, putManifest, resolveReference, type FoundManifest } from './manifests.ts'
import { openSession, type HeadSupport, type SessionOptions, type SessionPorts } from './session.ts'
import { listReferrers } from './referrers-api.ts'
import { listTags } from './tags.ts'
import { beginUpload, cancelUpload, uploadBlob } from './uploads.ts'

/**
 * One repository of a registry, by the OCI distribution specification 1.1. Every verb tries again what is transient and throws a Failure with
 * a RegistryCode. Absent is null or false, and only where the registry says 404.
 */
export interface Repository {
  /** `ghcr.io/alt-las/api-gateway` */
  readonly name: string
  /** Opens an upload and cancels it: throws where these credentials may not write here. */
  tryWrite(): Promise<void>
  /** With `size`, a blob of another size counts as absent, since it is truncated. */
  hasBlob(digest: Digest, size?: number): Promise<boolean>
  /** Mounts a blob from another repository of the same registry without an upload; false if that is not possible. */
  mount(digest: Digest, sibling: string): Promise<boolean>
  putBlob(digest: Digest, body: Body): Promise<void>
  /** Passes the content of a blob, not verified, to `read`: again from its start after a broken try. */
  readBlob<T>(digest: Digest, read: (content: Readable) => Promise<T>): Promise<T>
  /** The manifest of a tag or a digest; null = absent. */
  resolve(reference: string): Promise<Digest | null>
  getManifest(reference: string): Promise<FoundManifest | null>
  /** Stores a manifest under a digest or a tag. */
  putManifest(
    reference: string,
    manifest: { readonly descriptor: Descriptor; readonly bytes: Uint8Array },
  ): Promise<void>
  /** Every tag; none where the repository does not exist yet. */
  tags(): Promise<readonly string[]>
  /** What refers to a digest, by the referrers API; null where the registry does not have this API. */
  referrers(digest: Digest): Promise<readonly Descriptor[] | null>
}

export interface RepositoryOptions extends Omit<SessionOptions, 'registry'> {
  readonly at: Pick<Reference, 'registry' | 'repository'>
  readonly access: 'pull' | 'push'
}

/** Sends nothing before the first call. */
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
        await cancelUpload(session, scopes, await beginUpload(session, root, scopes))
      }),
    hasBlob: (digest, size) =>
      session.again(`look for ${digest}`, () => hasBlob(session, { root, scopes, digest, head, size })),
    mount: (digest, sibling) =>
      session.again(`mount ${digest}`, () => mountBlob(session, { root, scopes, sibling, digest, head })),
    putBlob: (digest, body) =>
      session.again(`push ${digest}`, async (attempt) => {
        // A try with a lost answer may have succeeded.
        if (attempt > 1 && (await hasBlob(session, { root, scopes, digest, head, size: body.size }))) return
        await uploadBlob(session, { root, scopes, digest, body })
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
        resolveReference(session, { root, scopes, reference, head }),
      ),
    getManifest: (reference) =>
      session.again(`read ${name} ${reference}`, () => getManifest(session, root, scopes, reference)),
    putManifest: (reference, manifest) =>
      session.again(`put ${name} ${reference}`, () =>
        putManifest(session, { root, scopes, reference, ...manifest }),
      ),
    tags: () => session.again(`list the tags of ${name}`, () => listTags(session, root, scopes)),
    referrers: (digest) =>
      session.again(`list what refers to ${digest}`, () => listReferrers(session, { root, scopes, digest })),
  }
}
