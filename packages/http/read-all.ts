import type { Readable } from 'node:stream'
import type { Http, HttpRequest, HttpResponse, SendOptions } from './http.ts'
import { tooLarge } from './http-failure.ts'

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly cookies: readonly string[]
  /** Where the answer came from, after redirects. */
  readonly url: URL
  readonly bytes: Uint8Array
}

/** 8 MiB: larger than any manifest, list or document. */
const mostBytes = 8 * 1024 * 1024

/** One request and the whole of its answer, within 30 s and 8 MiB unless the options say otherwise. */
export async function fetchAll(http: Http, request: HttpRequest, options: SendOptions = {}): Promise<Answer> {
  const limitBytes = options.limitBytes ?? mostBytes
  const response = await http.send(request, { deadlineMs: 30_000, ...options, limitBytes })
  const { status, headers, cookies, url } = response
  return { status, headers, cookies, url, bytes: await readAll(response, limitBytes) }
}

/** The whole body of an answer; throws Failure `http-too-large`, or the error that broke it off. */
export async function readAll(
  { url, body }: Pick<HttpResponse, 'url' | 'body'>,
  limitBytes = mostBytes,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    size += chunk.length
    if (size > limitBytes) throw tooLarge(url, limitBytes)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** Reads a short rest, so that the connection can be used again; a long rest is dropped. */
export async function discard(body: Readable, limitBytes = 64 * 1024): Promise<void> {
  let size = 0
  try {
    for await (const chunk of body as AsyncIterable<Uint8Array>)
      if ((size += chunk.length) > limitBytes) return
  } catch {
    // The body is not needed.
  }
}
