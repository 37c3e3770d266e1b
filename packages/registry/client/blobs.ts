import { Failure } from '@alt-las/failure'
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

/** With `size`, a blob of another size counts as absent. */
export async function hasBlob(
  session: Session,
  { root, scopes, digest, head, size }: Look,
): Promise<boolean> {
  const call = { to: `${root}/blobs/${digest}`, scopes, expect: [200, 404, 405, 501] }
  let response = await session.call({ method: 'HEAD', ...call })
  await discard(response)
  if (response.status === 200) head.blobs = true
  else if (!head.blobs) {
    response = await session.call({ method: 'GET', ...call, expect: [200, 404] })
    // The content is not needed here.
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
