import { Failure } from '@alt-las/failure'

// The only list of transient errors: statuses, system codes, and messages of tools without a code.

const statuses = [408, 425, 429]
/** Permanent: the server does not support it. */
const lasting = [501, 505]

const codes = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'ENETRESET',
  'HPE_INVALID_EOF_STATE',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ERR_HTTP2_STREAM_ERROR',
  'ERR_HTTP2_SESSION_ERROR',
  'ERR_HTTP2_GOAWAY_SESSION',
  'ERR_SSL_BAD_RECORD_MAC',
  'ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC',
])

const words: readonly RegExp[] = [
  // `503 Service Unavailable`, `status: 502`; a bare number may be a line or a size
  /\b(?:408|425|429|500|502|503|504):? (?:Request|Too|Internal|Bad|Service|Gateway)\b/i,
  /\b(?:status|status code|http\/\d(?:\.\d)?|http status):? (?:408|425|429|5\d\d)\b/i,
  /\btoo ?many ?requests\b/i,
  /\bconnection (?:reset|refused|timed out|lost)\b|\bbroken pipe\b|\bsocket hang up\b/i,
  /\bE(?:CONNRESET|CONNREFUSED|PIPE|TIMEDOUT|AI_AGAIN)\b/,
  /\bunexpected EOF\b|: EOF\b/i,
  /\bi\/o timeout\b|\bTLS handshake timeout\b|\btimeout awaiting response headers\b|\brequest canceled\b/i,
  /\bClient\.Timeout\b|\bnetwork is unreachable\b|\bno route to host\b/i,
  /\btemporary failure in name resolution\b|\bserver misbehaving\b/i,
  // HTTP/2 and TLS errors in Go's words
  /\bstream error: stream ID\b|\bhttp2: (?:client connection|server sent|Transport)\b|\bGOAWAY\b|\bbad record MAC\b/i,
  // an upload lost by the registry starts again
  /\bblob upload (?:unknown|invalid)\b|\bBLOB_UPLOAD_(?:UNKNOWN|INVALID)\b/i,
]

/** Maximum characters read from the end of a text, where tools report failures. */
const longest = 65_536

/** Whether a server may answer better the next time. */
export function isTransientStatus(status: number): boolean {
  return statuses.includes(status) || (status >= 500 && status <= 599 && !lasting.includes(status))
}

/** Whether a tool's message blames the network or a server, and not its work. Linear in the text. */
export function isTransientMessage(text: string): boolean {
  return text
    .slice(-longest)
    .split('\n')
    .some((line) => words.some((one) => one.test(line)) || isUnexpectedStatus(line))
}

/** `unexpected status from HEAD request to https://…: 503 Service Unavailable` */
function isUnexpectedStatus(line: string): boolean {
  const at = line.toLowerCase().indexOf('unexpected status')
  return at >= 0 && / (?:408|425|429|5\d\d)\b/.test(line.slice(at))
}

/**
 * Whether another try can help: from the Failure itself, else from the system codes in its chain of causes. Several addresses of a
 * host that all failed are one error with a list.
 */
export function isTransient(error: unknown, depth = 0): boolean {
  if (typeof error !== 'object' || error === null || depth > 5) return false
  if (error instanceof Failure && error.transient !== undefined) return error.transient
  if ('code' in error && typeof error.code === 'string' && codes.has(error.code)) return true
  const list: readonly unknown[] = 'errors' in error && Array.isArray(error.errors) ? error.errors : []
  return [...list, 'cause' in error ? error.cause : null].some((one) => isTransient(one, depth + 1))
}

/** `Retry-After` in seconds or as a date, in ms from now; at most two minutes. null where there is none that can be read. */
export function parseRetryAfter(header: string | undefined, now: number): number | null {
  if (header === undefined) return null
  const ms = /^\d{1,9}$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), 120_000) : null
}
