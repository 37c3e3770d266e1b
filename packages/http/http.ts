import type { Readable } from 'node:stream'

/** Content that can be sent again: it is opened for each try. */
export interface Body {
  /** Bytes. */
  readonly size: number
  open(): Readable
}

export interface HttpRequest {
  readonly method: string
  readonly url: URL
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Body | string | Uint8Array
}

export interface SendOptions {
  /** From the call to the last byte of the answer, in ms. No default: streams have none. */
  readonly deadlineMs?: number
  /** The request fails after this many ms without a byte. Default 90 s. */
  readonly idleMs?: number
  /** Bytes of the answer's body. Default: none, for a stream into a file. */
  readonly limitBytes?: number
  /**
   * Default `none`: a redirect is an answer. `same-origin` follows within the origin, and any other redirect is the answer.
   * `any-without-credentials` follows every safe redirect; a request to another origin carries no header that could hold a credential.
   */
  readonly redirects?: 'none' | 'same-origin' | 'any-without-credentials'
  /** A connection of its own instead of a kept one. */
  readonly fresh?: boolean
  /**
   * Sends the request once more, on a connection of its own, where a kept connection closes before any byte of the answer: the server may
   * have closed it while it was idle. Only for requests that may be done twice.
   */
  readonly repeatIfClosed?: boolean
  readonly signal?: AbortSignal
}

export interface HttpResponse {
  readonly status: number
  /** Lower-case names; a repeated header is one text, joined by commas. */
  readonly headers: Readonly<Record<string, string>>
  /** The values of `set-cookie`, which may contain commas. */
  readonly cookies: readonly string[]
  /** Where the answer came from, after redirects. */
  readonly url: URL
  /** Must be read or destroyed; it breaks off with a Failure with an HttpCode. */
  readonly body: Readable
}

/**
 * One request, one answer: nothing is tried again unless the options say so, every status is an answer. Throws Failure with an HttpCode, or the signal's reason.
 */
export interface Http {
  send(request: HttpRequest, options?: SendOptions): Promise<HttpResponse>
}
