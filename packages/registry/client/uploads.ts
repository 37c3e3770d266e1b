import { Failure } from '@alt-las/failure'
import type { Body, HttpResponse } from '@alt-las/http'
import type { Digest } from '../digest.ts'
import { targetOf } from './endpoint.ts'
import { asLostUpload } from './lost-upload.ts'
import { broken } from './refusal.ts'
import { discard, type Session } from './session.ts'

/** Opens an upload; resolves to its address. */
export async function beginUpload(session: Session, root: string, scopes: readonly string[]): Promise<URL> {
  const to = `${root}/blobs/uploads/`
  const response = await session.call({ method: 'POST', to, scopes, expect: [202] })
  await discard(response)
  return uploadAt(session, response)
}

export function uploadAt(session: Session, response: HttpResponse): URL {
  const location = response.headers['location']
  if (location === undefined) throw broken(session, 'opens an upload without a location')
  return targetOf(location, session.base)
}

/** Not every registry can cancel; an upload that is left alone expires there. */
export async function cancelUpload(session: Session, scopes: readonly string[], at: URL): Promise<void> {
  try {
    await discard(await session.call({ method: 'DELETE', to: at, scopes, expect: [200, 202, 204, 404, 405] }))
  } catch (error) {
    if (!(error instanceof Failure)) throw error
  }
}

interface Upload {
  readonly root: string
  readonly scopes: readonly string[]
  readonly digest: Digest
  readonly body: Body
}

/** Uploads a blob as a whole. */
export async function uploadBlob(session: Session, { root, scopes, digest, body }: Upload): Promise<void> {
  const to = await beginUpload(session, root, scopes)
  // Added as text: rewriting the query could change a signature in it.
  to.search += `${to.search === '' ? '?' : '&'}digest=${encodeURIComponent(digest)}`
  const headers = { 'content-type': 'application/octet-stream' }
  try {
    await discard(await session.call({ method: 'PUT', to, headers, body, scopes, expect: [201, 202, 204] }))
  } catch (error) {
    throw asLostUpload(error)
  }
}
