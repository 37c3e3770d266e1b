import type { ApiRequest } from './api/api-test.ts'

export interface Reply {
  readonly status: number
  /** Lower-case names; several values of one name are joined by `, `. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** From the moment of sending to the last byte of the body. */
  readonly ms: number
}

export interface SendOptions {
  readonly timeoutMs: number
  readonly signal?: AbortSignal
}

/**
 * One request, one answer: no redirect is followed and nothing is tried again, since a retry would hide the fault that is looked for.
 * Throws Failure `no-answer` or `broken-off` where the system took the connection and failed it, `unreachable` where nothing can be said.
 */
export interface Http {
  send(baseUrl: URL, request: ApiRequest, options: SendOptions): Promise<Reply>
}
