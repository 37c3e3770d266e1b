import { Failure } from '@alt-las/failure'
import { decodeContent, readAll, type HttpResponse } from '@alt-las/http'
import type { Reply } from './http.ts'

/** Of a body, also without its encoding. */
export const limitBytes = 16 * 1024 * 1024

type Body = Pick<Reply, 'body' | 'unread'>

/** null where it is too large to be read. */
export async function readBody(answer: HttpResponse): Promise<Uint8Array | null> {
  try {
    return await readAll(answer, limitBytes)
  } catch (error) {
    if (error instanceof Failure && error.code === 'http-too-large') return null
    throw error
  }
}

/** The text of a body, without its content encoding. */
export async function textOf(bytes: Uint8Array | null, headers: Reply['headers']): Promise<Body> {
  if (bytes === null) return { body: '', unread: `is larger than ${limitBytes >> 20} MiB` }
  const decoded = await decodeContent(bytes, headers['content-encoding'], limitBytes)
  if (decoded.kind === 'unreadable') return { body: '', unread: decoded.because }
  return { body: decoderFor(headers['content-type'] ?? '').decode(decoded.bytes) }
}

/** By the charset of the content type; UTF-8 where it names none that is known. It leaves out a byte order mark. */
function decoderFor(contentType: string): { decode(bytes: Uint8Array): string } {
  const [, charset = 'utf-8'] = /;\s*charset="?([\w.:-]+)/i.exec(contentType) ?? []
  try {
    return new TextDecoder(charset)
  } catch {
    return new TextDecoder()
  }
}
