import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http'

// RFC 9110, section 7.6.1: these speak about one connection and end at its end.
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

export interface Caller {
  readonly address: string
  readonly requestId: string
  /** False for GET and HEAD: their body, if any, is not passed on, and so neither is its length. */
  readonly withBody: boolean
}

/** The headers of a request to an upstream: the caller's, without those of its connection, with where it came from. */
export function requestHeaders(given: IncomingHttpHeaders, caller: Caller): OutgoingHttpHeaders {
  const headers = endToEnd(given)
  delete headers['host']
  delete headers['expect']
  if (!caller.withBody) delete headers['content-length']
  const before = given['x-forwarded-for']
  return {
    ...headers,
    'x-request-id': caller.requestId,
    'x-forwarded-for': before === undefined ? caller.address : `${before}, ${caller.address}`,
    'x-forwarded-host': given['x-forwarded-host'] ?? given.host ?? '',
    'x-forwarded-proto': given['x-forwarded-proto'] ?? 'http',
  }
}

/** The headers of an upstream's answer as the caller may see them; an address in it is moved under `prefix`. */
export function responseHeaders(given: IncomingHttpHeaders, prefix: string): OutgoingHttpHeaders {
  const headers = endToEnd(given)
  delete headers['x-request-id']
  const location = given.location
  return location?.startsWith('/') === true ? { ...headers, location: `${prefix}${location}` } : headers
}

function endToEnd(given: IncomingHttpHeaders): OutgoingHttpHeaders {
  const named = (given.connection ?? '').split(',').map((name) => name.trim().toLowerCase())
  return Object.fromEntries(
    Object.entries(given).filter(([name]) => !hopByHop.has(name) && !named.includes(name)),
  )
}
