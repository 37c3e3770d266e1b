import { readAll, type HttpResponse } from '@alt-las/http'
import { mediaTypes, record, type Descriptor } from '../descriptor.ts'
import type { Digest } from '../digest.ts'
import { mostManifestBytes, mostReferrers } from '../limits.ts'
import { readDescriptors } from '../manifest.ts'
import { broken } from './refusal.ts'
import { discard, type Session } from './session.ts'
import { nextPage } from './tag-list.ts'

const mostPages = 50

interface List {
  readonly root: string
  readonly scopes: readonly string[]
  readonly digest: Digest
}

/**
 * What refers to a digest, by the referrers API of the distribution specification 1.1. null where the registry does not have it: GHCR and
 * registries of version 1.0 answer 404, or anything but an index.
 */
export async function listReferrers(
  session: Session,
  { root, scopes, digest }: List,
): Promise<readonly Descriptor[] | null> {
  const found: Descriptor[] = []
  let to: string | URL | null = `${root}/referrers/${digest}`
  for (let page = 0; to !== null; page += 1) {
    const headers = { accept: mediaTypes.index }
    const expect = page === 0 ? [200, 400, 404, 405, 501] : [200]
    const response: HttpResponse = await session.call({ method: 'GET', to, headers, scopes, expect })
    const type = response.headers['content-type']?.split(';')[0]?.trim()
    if (response.status !== 200 || type !== mediaTypes.index) {
      await discard(response)
      if (page > 0) throw broken(session, 'names a next page of referrers that is no index')
      return null
    }
    found.push(...readPage(await readAll(response, mostManifestBytes), session))
    if (page + 1 >= mostPages || found.length > mostReferrers)
      throw broken(session, `lists more than ${mostReferrers} referrers of ${digest}`)
    to = nextPage(response.headers['link'], session.base)
  }
  return found
}

function readPage(bytes: Uint8Array, session: Session): readonly Descriptor[] {
  try {
    return readDescriptors(record(JSON.parse(new TextDecoder().decode(bytes)), 'the index'), 'manifests')
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error)
    throw broken(session, `answers /referrers with an invalid index: ${what}`)
  }
}
