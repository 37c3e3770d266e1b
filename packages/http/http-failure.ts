import { Failure } from '@alt-las/failure'
import { isTransient, isTransientStatus } from '@alt-las/time'

/**
 * `http-refused`: no server listens. `http-reset`: the connection was broken off. `http-timeout`: no complete answer in time. `http-dns`: the
 * name has no address. `http-tls`: no trusted connection. `http-protocol`: the answer is not HTTP. `http-too-large`: its body is.
 * `http-redirect`: the redirect is not allowed. `http-unreachable`: the rest, mostly a proxy's refusal.
 */
export type HttpCode =
  | 'http-refused'
  | 'http-reset'
  | 'http-timeout'
  | 'http-dns'
  | 'http-tls'
  | 'http-protocol'
  | 'http-too-large'
  | 'http-redirect'
  | 'http-unreachable'

const known: readonly (readonly [RegExp, HttpCode])[] = [
  [/^ECONNREFUSED$/, 'http-refused'],
  [/^(?:ECONNRESET|ECONNABORTED|EPIPE|ERR_STREAM_PREMATURE_CLOSE|HPE_INVALID_EOF_STATE)$/, 'http-reset'],
  [/^(?:ETIMEDOUT|ESOCKETTIMEDOUT)$/, 'http-timeout'],
  [/^(?:ENOTFOUND|EAI_\w+)$/, 'http-dns'],
  [/^(?:HPE_\w+|ERR_INVALID_HTTP_\w+)$/, 'http-protocol'],
  [/^(?:ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_|ERR_OSSL_|EPROTO)/, 'http-tls'],
]

/** Of servers that were reached. */
const sentences: Partial<Record<HttpCode, (host: string) => string>> = {
  'http-reset': (host) => `${host} broke the connection off`,
  'http-protocol': (host) => `${host} sends what is not valid HTTP`,
}

/** A socket's error as a Failure; without the query of the address, which may contain a signature. */
export function httpFailure(url: URL, error: unknown): Failure {
  if (error instanceof Failure) return error
  const code = known.find(([pattern]) => pattern.test(codeOf(error)))?.[1] ?? 'http-unreachable'
  return new Failure<HttpCode>(code, sentences[code]?.(url.host) ?? `cannot reach ${url.host}`, {
    fault: 'outside',
    cause: error,
    transient: isTransient(error) || isPassingTunnel(error),
  })
}

/** A proxy that could not reach the server at this time, or was too slow. */
function isPassingTunnel(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || codeOf(error) !== 'ERR_PROXY_TUNNEL') return false
  const status = 'statusCode' in error ? error.statusCode : null
  return typeof status === 'number' ? isTransientStatus(status) : 'proxyTunnelTimeout' in error
}

export function timedOut(url: URL, ms: number, what: string): Failure<HttpCode> {
  return new Failure('http-timeout', `${url.host} gave ${what} within ${ms / 1000} s`, {
    fault: 'outside',
    transient: true,
  })
}

export function tooLarge(url: URL, limit: number): Failure<HttpCode> {
  return new Failure('http-too-large', `${url.host} sends more than ${limit} bytes`, {
    fault: 'outside',
    transient: false,
  })
}

/** The `code` of a system error, by shape and not by class: errors of another realm count too. The first of several addresses' errors. */
function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return ''
  if ('code' in error && typeof error.code === 'string') return error.code
  return 'errors' in error && Array.isArray(error.errors) ? codeOf(error.errors[0]) : ''
}
