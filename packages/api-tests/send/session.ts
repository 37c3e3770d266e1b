import type { Clock } from '@alt-las/time'
import type { ApiRequest } from '../request/api-test.ts'
import { createCookieJar, type CookieJar } from './cookies.ts'
import { urlBelow, type Http, type Reply } from './http.ts'

const redirects = [301, 302, 303, 307, 308]
const mostRedirects = 5

/** Requests that belong together: each sends the cookies that the answers before it have set, and follows redirects where it says so. */
export function withSession(http: Http, clock: Pick<Clock, 'now'>): Http {
  const jar = createCookieJar(() => clock.now())
  return {
    send: async (baseUrl, request, options) => {
      const reply = await sendWith(jar, http, { baseUrl, request, options })
      return request.redirects === 'follow'
        ? follow({ baseUrl, request, options, reply }, { jar, http })
        : reply
    },
  }
}

interface Sending {
  readonly baseUrl: URL
  readonly request: ApiRequest
  readonly options: Parameters<Http['send']>[2]
}

async function sendWith(jar: CookieJar, http: Http, { baseUrl, request, options }: Sending): Promise<Reply> {
  const url = urlBelow(baseUrl, request.path)
  const { cookie: own, ...headers } = request.headers
  // A test that names the header sends what it names, and nothing where that is empty.
  const cookie = own ?? jar.header(url) ?? ''
  const sent = { ...request, headers: { ...headers, ...(cookie === '' ? {} : { cookie }) } }
  const reply = await http.send(baseUrl, sent, options)
  jar.keep(url, reply.cookies ?? [])
  return reply
}

/** Within the origin alone: a redirect to another one is the answer, and so is the sixth. */
async function follow(
  { baseUrl, request, options, reply: first }: Sending & { readonly reply: Reply },
  { jar, http }: { readonly jar: CookieJar; readonly http: Http },
): Promise<Reply> {
  let [reply, sent, url] = [first, request, urlBelow(baseUrl, request.path)]
  for (let hop = 0; hop < mostRedirects; hop += 1) {
    const target = redirects.includes(reply.status)
      ? URL.parse(reply.headers['location'] ?? '', url.href)
      : null
    if (target === null || reply.headers['location'] === undefined || target.origin !== baseUrl.origin) break
    sent = { ...redirected(sent, reply.status), path: target.pathname + target.search }
    url = target
    const next = await sendWith(jar, http, { baseUrl: new URL(baseUrl.origin), request: sent, options })
    reply = { ...next, ms: reply.ms + next.ms }
  }
  return sent === request
    ? reply
    : { ...reply, from: { method: sent.method, path: pathBelow(baseUrl, sent.path) } }
}

/** As browsers do: what has been done by POST is read by GET afterwards, unless the status says to repeat the request. */
function redirected(request: ApiRequest, status: number): ApiRequest {
  const isRead = status === 303 ? request.method !== 'HEAD' : status < 303 && request.method === 'POST'
  if (!isRead) return request
  const headers = Object.entries(request.headers).filter(([name]) => name !== 'content-type')
  return { ...request, method: 'GET', headers: Object.fromEntries(headers), body: null }
}

/** null where the path is not below the base URL. */
function pathBelow({ pathname }: URL, path: string): string | null {
  const base = pathname.replace(/\/$/, '')
  return path.startsWith(`${base}/`) ? path.slice(base.length) : null
}
