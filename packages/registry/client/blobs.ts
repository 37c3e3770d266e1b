import { Failure } from '@alt-las/failure'
import type { HttpResponse } from '@alt-las/http'
import type { Digest } from '../digest.ts'
import { discard, type HeadSupport, type Session } from './session.ts'
import { cancelUpload, uploadAt } from './uploads.ts'

interface Look {
  readonly root: string
  readonly scopes: readonly string[]
  readonly digest: Digest
  readonly head: HeadSupport
  readonly size?: number | undefined
}

/** With `size`, a blob of another size counts as absent. GET decides where HEAD is not served, or shows another size than the blob's. */
export async function hasBlob(session: Session, look: Look): Promise<boolean> {
  const { root, scopes, digest, head, size } = look
  const call = { to: `${root}/blobs/${digest}`, scopes }
  // 403: a storage to which the registry redirects may have signed its address for GET alone.
  const response = await session.call({ method: 'HEAD', ...call, expect: [200, 403, 404, 405, 501] })
  await discard(response)
  if (response.status === 404 && head.blobs) return false
  if (response.status === 200) {
    head.blobs = true
    if (isWhole(response, size)) return true
  }
  const whole = await session.call({ method: 'GET', ...call, expect: [200, 404] })
  // The content is not needed here.
  whole.body.destroy()
  return whole.status === 200 && isWhole(whole, size)
}

function isWhole({ headers }: HttpResponse, size: number | undefined): boolean {
  const shown = headers['content-length']
  return size === undefined || shown === undefined || Number(shown) === size
}

interface Mount {
  readonly root: string
  readonly scopes: readonly string[]
  readonly sibling: string
  readonly digest: Digest
  readonly head: HeadSupport
}

/** To be denied the sibling means only that the blob has to travel. */
export async function mountBlob(
  session: Session,
  { root, scopes, sibling, digest, head }: Mount,
): Promise<boolean> {
  const both = [...scopes, `repository:${sibling}:pull`]
  try {
    if (!(await hasBlob(session, { root: `/v2/${sibling}`, scopes: both, digest, head }))) return false
    const to = `${root}/blobs/uploads/?${new URLSearchParams({ mount: digest, from: sibling }).toString()}`
    const response = await session.call({ method: 'POST', to, scopes: both, expect: [201, 202] })
    await discard(response)
    if (response.status === 201) return true
    await cancelUpload(session, both, uploadAt(session, response))
    return false
  } catch (error) {
    if (error instanceof Failure && /^registry-(unauthorized|denied|absent|refused)$/.test(error.code))
      return false
    throw error
  }
}
