import { Failure } from '@alt-las/failure'
import type { HttpRequest, SendOptions } from './http.ts'
import type { HttpCode } from './http-failure.ts'

const redirects = [301, 302, 303, 307, 308]
/** Headers that say what is asked for, and nothing of who asks. */
const harmless = ['accept', 'accept-encoding', 'content-type', 'range', 'user-agent']

/** The request that a redirect asks for; null where the answer is none, or none that the rule lets us follow. */
export function redirected(
  request: HttpRequest,
  answer: { readonly status: number; readonly location: string | undefined },
  rule: SendOptions['redirects'],
): HttpRequest | null {
  const { status, location } = answer
  if (rule === undefined || rule === 'none' || location === undefined || !redirects.includes(status))
    return null
  const url = checkedTarget(location, request.url)
  const leaves = url.origin !== request.url.origin
  if (leaves && rule === 'same-origin') return null
  const headers = leaves ? withoutCredentials(request.headers ?? {}) : (request.headers ?? {})
  // 303 says: look at the result elsewhere. The other ones repeat the request.
  if (status === 303 && request.method !== 'HEAD') return { method: 'GET', url, headers }
  return { ...request, url, headers }
}

/** The address that a server sends us to; throws Failure `http-redirect` where it is not safe to go there. */
export function checkedTarget(text: string, from: URL): URL {
  if (!URL.canParse(text, from.href))
    throw refused(`${from.host} names no sound address: ${JSON.stringify(text.slice(0, 100))}`)
  const url = new URL(text, from)
  if (url.protocol === 'https:') return url
  // In the clear only where we came in the clear, and to this machine only from this machine.
  const isPlain = url.protocol === 'http:' && from.protocol === 'http:'
  if (isPlain && isLoopback(url.hostname) === isLoopback(from.hostname)) return url
  throw refused(
    `${from.host} sends us to ${url.origin}, expected https`,
    'if a proxy ends TLS before the server, let it set X-Forwarded-Proto, or set the server to relative URLs',
  )
}

/** This machine, as a URL names it. */
export function isLoopback(hostname: string): boolean {
  return (
    /^(?:.+\.)?localhost\.?$/.test(hostname) || /^127(?:\.\d{1,3}){3}$/.test(hostname) || hostname === '[::1]'
  )
}

export function circular(url: URL): Failure<HttpCode> {
  return refused(`${url.host} sends us round in circles`)
}

function withoutCredentials(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => harmless.includes(name.toLowerCase())))
}

function refused(message: string, hint?: string): Failure<HttpCode> {
  const options = { fault: 'outside', transient: false } as const
  return new Failure('http-redirect', message, hint === undefined ? options : { ...options, hint })
}
