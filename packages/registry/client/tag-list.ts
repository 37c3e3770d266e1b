import { Failure } from '@alt-las/failure'

/** The tags of one page of `/tags/list`; throws Failure `registry-broken`. */
export function readTags(bytes: Uint8Array, host: string): readonly string[] {
  const broken = new Failure('registry-broken', `${host} answers /tags/list without a list`, {
    fault: 'outside',
  })
  let tags: unknown
  try {
    tags = (JSON.parse(new TextDecoder().decode(bytes)) as { tags?: unknown } | null)?.tags
  } catch {
    throw broken
  }
  // An empty repository has `tags: null` in some registries.
  if (tags === null || tags === undefined) return []
  if (!Array.isArray(tags)) throw broken
  return tags.filter((tag) => typeof tag === 'string')
}

/** The next page, from the header `Link: <…>; rel="next"`; only on the registry itself. */
export function nextPage(link: string | undefined, base: URL): URL | null {
  const target = /<([^>]+)>\s*;\s*rel="?next"?/i.exec(link ?? '')?.[1]
  if (target === undefined) return null
  const url = new URL(target, base)
  return url.origin === base.origin ? url : new URL(`${url.pathname}${url.search}`, base)
}
