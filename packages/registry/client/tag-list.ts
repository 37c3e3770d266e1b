import { isTag } from '../reference.ts'
import { broken } from './refusal.ts'

/** The tags of one page of `/tags/list`; throws Failure `registry-broken`. */
export function readTags(bytes: Uint8Array, host: string): readonly string[] {
  const noList = broken({ base: { host } }, 'answers /tags/list without a list')
  let tags: unknown
  try {
    tags = (JSON.parse(new TextDecoder().decode(bytes)) as { tags?: unknown } | null)?.tags
  } catch {
    throw noList
  }
  // An empty repository has `tags: null` in some registries.
  if (tags === null || tags === undefined) return []
  if (!Array.isArray(tags)) throw noList
  return tags.filter((tag): tag is string => typeof tag === 'string' && isTag(tag))
}

/** The next page, from the header `Link: <…>; rel="next"`; only on the registry itself. Throws Failure `registry-broken`. */
export function nextPage(link: string | undefined, base: URL): URL | null {
  const links = (link ?? '').matchAll(/<([^<>]*)>([^<>]*)/g)
  const next = [...links].find(([, , parameters = '']) =>
    /;\s*rel\s*=\s*"?next"?\s*(?:[;,]|$)/i.test(parameters),
  )
  const target = next?.[1]
  if (target === undefined) return null
  const url = URL.parse(target, base.href)
  if (url === null) {
    throw broken({ base }, `names an invalid next page of tags, got ${JSON.stringify(target.slice(0, 80))}`)
  }
  if (url.origin === base.origin) return url
  // Resolved as a reference, a path that begins with two slashes would name another host.
  const here = new URL(base.origin)
  here.pathname = url.pathname
  here.search = url.search
  return here
}
