import { readAll, type HttpResponse } from '@alt-las/http'
import { broken } from './refusal.ts'
import type { Session } from './session.ts'
import { nextPage, readTags } from './tag-list.ts'

const mostPages = 1000
const mostTags = 200_000

/** Every tag of a repository; none where it does not exist yet. */
export async function listTags(
  session: Session,
  root: string,
  scopes: readonly string[],
): Promise<readonly string[]> {
  const tags: string[] = []
  let to: string | URL | null = `${root}/tags/list?n=1000`
  for (let page = 0; to !== null && page < mostPages; page += 1) {
    const response: HttpResponse = await session.call({ method: 'GET', to, scopes, expect: [200, 404] })
    const bytes = await readAll(response)
    if (response.status === 404 && page === 0) return []
    if (response.status === 404) throw broken(session, 'lacks a page of tags that it named')
    tags.push(...readTags(bytes, session.base.host))
    if (tags.length > mostTags) throw broken(session, `lists more than ${mostTags} tags`)
    to = nextPage(response.headers['link'], session.base)
  }
  // A part of a list would hide versions.
  if (to !== null) throw broken(session, `lists more than ${mostPages} pages of tags`)
  return tags
}
