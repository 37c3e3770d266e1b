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
  'ENOTCONN',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'ENETRESET',
  'HPE_INVALID_EOF_STATE',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ERR_SOCKET_CONNECTION_TIMEOUT',
  'ERR_HTTP2_STREAM_ERROR',
  'ERR_HTTP2_SESSION_ERROR',
  'ERR_HTTP2_GOAWAY_SESSION',
])
// OpenSSL has a name of its own for who noticed it, and another one in every version.
const badRecord = /^ERR_SSL_.*BAD_RECORD_MAC$/

const words: readonly RegExp[] = [
  // `503 Service Unavailable`; a bare number may be a line or a size
  /\b(?:408|425|429|500|502|503|504):? {1,2}(?:Request|Too|Internal|Bad|Service|Gateway)\b/i,
  /\btoo ?many ?requests\b/i,
  /\bconnection (?:reset|refused|timed out|lost|aborted)\b|\bbroken pipe\b|\bsocket hang up\b/i,
  /\bE(?:CONNRESET|CONNREFUSED|CONNABORTED|PIPE|TIMEDOUT|SOCKETTIMEDOUT|AI_AGAIN|50[0234]|429)\b/,
  /\bunexpected EOF\b|: EOF\b|\bearly EOF\b|\bunexpected end of (?:file|stream|data)\b/i,
  /\bi\/o timeout\b|\bTLS handshake timeout\b|\btimeout awaiting response headers\b|\brequest canceled\b/i,
  // a bare `context deadline exceeded` is the limit of the caller
  /\b(?:Get|Head|Post|Put|Patch) "[^"]*": context deadline exceeded\b|\bClient\.Timeout\b/i,
  /\b(?:operation|read|connect|network) time(?:d ?)?out\b|\bERR_SOCKET_TIMEOUT\b|\bReadTimeoutError\b/i,
  /\bnetwork is unreachable\b|\bno route to host\b|\buse of closed network connection\b/i,
  /\btemporary failure (?:in name resolution|resolving)\b|\bserver misbehaving\b/i,
  // HTTP/2, gRPC and TLS errors in Go's words and in curl's
  /\bstream error: stream ID\b|\bhttp2: (?:client connection|server sent|Transport|timeout)\b|\bGOAWAY\b/i,
  /\bREFUSED_STREAM\b|\bENHANCE_YOUR_CALM\b|\bconnection error: \w+_ERROR\b|\bcode = Unavailable\b/,
  /\bHTTP\/2 stream \d+ was not closed cleanly\b|\bEmpty reply from server\b|\btransfer closed with\b/i,
  /\bbad[ _]record[ _]MAC\b|\bthe remote end hung up unexpectedly\b|\bIncompleteRead\b/i,
  // a pull that broke off, as containerd counts it
  /\bunexpected commit (?:size|digest)\b|\bshort read: expected\b/i,
  // an upload lost by the registry starts again
  /\bblob upload (?:unknown|invalid)\b|\bBLOB_UPLOAD_(?:UNKNOWN|INVALID)\b/i,
]

// `status: 502`, `HTTP 503`, `returned error: 502`, `unexpected status from HEAD request to https://…: 503 Service Unavailable`
const told = /\b(?:status|status code|http\/\d(?:\.\d)?|http status|http|returned error):? (\d{3})\b/gi

/** ms */
const longestPause = 120_000

/** Maximum characters read from the end of a text, where tools report failures. */
const longest = 65_536

/** Whether a server may answer better the next time. */
export function isTransientStatus(status: number): boolean {
  return statuses.includes(status) || (status >= 500 && status <= 599 && !lasting.includes(status))
}

/** Whether a tool's message blames the network or a server, and not its work. Linear in the text. */
export function isTransientMessage(text: string): boolean {
  return endOf(text)
    .split('\n')
    .some((line) => words.some((one) => one.test(line)) || hasTransientStatus(line))
}

/** How a tool's message is to be tried again, with the pause that it asks for. */
export function classifyMessage(text: string): { readonly isTransient: boolean; readonly afterMs?: number } {
  const afterMs = retryAfterIn(endOf(text))
  return { isTransient: isTransientMessage(text), ...(afterMs === null ? {} : { afterMs }) }
}

function endOf(text: string): string {
  return text.slice(-longest)
}

function hasTransientStatus(line: string): boolean {
  const statuses = [...line.matchAll(told)].map(([, status]) => status ?? '')
  const at = line.toLowerCase().indexOf('unexpected status')
  const unexpected =
    at < 0 ? [] : [...line.slice(at).matchAll(/ (\d{3})\b/g)].map(([, status]) => status ?? '')
  return [...statuses, ...unexpected].some((status) => isTransientStatus(Number(status)))
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

// `toomanyrequests: retry-after: 1.5s, allowed: 44000/minute`, `Retry-After: 30`
function retryAfterIn(text: string): number | null {
  const [, digits, unit = 's'] =
    /\bretry[- ]after:? {0,2}(\d{1,9}(?:\.\d{1,9})?)(ms|µs|us|ns|s|m|h)?/i.exec(text) ?? []
  return digits === undefined
    ? null
    : Math.min(Number(digits) * (units[unit.toLowerCase()] ?? 0), longestPause)
}

/**
 * Whether another try can help: from the Failure itself, else from the system codes in its chain of causes. Several addresses of a
 * host that all failed are one error with a list.
 */
export function isTransient(error: unknown, depth = 0): boolean {
  if (typeof error !== 'object' || error === null || depth > 5) return false
  if (error instanceof Failure && error.transient !== undefined) return error.transient
  if ('code' in error && typeof error.code === 'string' && isTransientCode(error.code)) return true
  const list: readonly unknown[] = 'errors' in error && Array.isArray(error.errors) ? error.errors : []
  return [...list, 'cause' in error ? error.cause : null].some((one) => isTransient(one, depth + 1))
}

function isTransientCode(code: string): boolean {
  return codes.has(code) || badRecord.test(code)
}

/** `Retry-After` in seconds or as a date, in ms from now; at most two minutes. null where there is none that can be read. */
export function parseRetryAfter(header: string | undefined, now: number): number | null {
  if (header === undefined) return null
  const ms = /^\d{1,9}$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), longestPause) : null
}
