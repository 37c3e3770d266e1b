import { Failure } from '@alt-las/failure'
import type { HttpRequest, SendOptions } from './http.ts'
import type { HttpCode } from './http-failure.ts'

const redirects = [301, 302, 303, 307, 308]
/** Headers that describe the request and carry no identity. */
const harmless = ['accept', 'accept-encoding', 'content-type', 'range', 'user-agent']

/** The request for a redirect; null if the answer is not a redirect that the rule allows. */
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
  // 303 points to a result elsewhere; the others repeat the request.
  if (status === 303 && request.method !== 'HEAD') return { method: 'GET', url, headers }
  return { ...request, url, headers }
}

/** The target of a redirect; throws Failure `http-redirect` if it is not safe to follow. */
export function checkedTarget(text: string, from: URL): URL {
  if (!URL.canParse(text, from.href))
    throw refused(`${from.host} redirects to an invalid address: ${JSON.stringify(text.slice(0, 100))}`)
  const url = new URL(text, from)
  if (url.protocol === 'https:') return url
  // Plain HTTP only from plain HTTP, and to this machine only from this machine.
  const isPlain = url.protocol === 'http:' && from.protocol === 'http:'
  if (isPlain && isLoopback(url.hostname) === isLoopback(from.hostname)) return url
  throw refused(
    `${from.host} redirects to ${url.origin}, expected https`,
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
  return refused(`${url.host} redirects in a loop`)
}

function withoutCredentials(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => harmless.includes(name.toLowerCase())))
}

function refused(message: string, hint?: string): Failure<HttpCode> {
  const options = { fault: 'outside', transient: false } as const
  return new Failure('http-redirect', message, hint === undefined ? options : { ...options, hint })
}
