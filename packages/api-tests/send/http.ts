import type { ApiRequest } from '../request/api-test.ts'

export interface Reply {
  readonly status: number
  /** Lower-case names; several values of one name are joined by `, `. */
  readonly headers: Readonly<Record<string, string>>
  /** Without its content encoding. */
  readonly body: string
  /** Why the body could not be read, as the rest of a sentence; `body` is empty then. */
  readonly unread?: string
  /** The values of `set-cookie`. */
  readonly cookies?: readonly string[]
  /** The last request, where redirects were followed; `path` is null where it is not below the base URL. */
  readonly from?: { readonly method: string; readonly path: string | null }
  /** From the moment of sending to the last byte of the body. */
  readonly ms: number
}

export interface SendOptions {
  readonly timeoutMs: number
  readonly signal?: AbortSignal
  /** The body is received and dropped: for a load, which needs none. */
  readonly skipBody?: boolean
}

/**
 * One request, one answer. It keeps no cookie, follows no redirect and tries nothing again, since a retry would hide the fault that a check looks for. Only
 * a kept connection that closes before any byte of the answer is no fault: an idempotent request is then sent once more.
 * Throws Failure `no-answer` or `broken-off` where the system took the connection and failed it, `not-accepted` where its address refuses every
 * connection or offers no valid TLS, `unreachable` where the system is unknown: a name without an address, a network or a proxy in between.
 */
export interface Http {
  send(baseUrl: URL, request: ApiRequest, options: SendOptions): Promise<Reply>
}

/** A path below a base URL. `//host` and `/\\host` stay paths: no request leaves the host of `baseUrl`. */
export function urlBelow(baseUrl: URL, path: string): URL {
  return new URL(baseUrl.origin + baseUrl.pathname.replace(/\/$/, '') + path)
}
