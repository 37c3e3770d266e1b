import { decodeContent, type HttpResponse } from '@alt-las/http'
import type { Reply } from './http.ts'

/** Of a body that is kept, also without its encoding. */
const keptBytes = 16 * 1024 * 1024
/** Of a body at all: what is not kept is received, since an answer is complete only with its last byte. */
export const limitBytes = 256 * 1024 * 1024

type Body = Pick<Reply, 'body' | 'unread'>

/** null where it is too large to be kept. Throws the error that broke it off. */
export async function readBody({ body }: Pick<HttpResponse, 'body'>): Promise<Uint8Array | null> {
  let chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    size += chunk.length
    if (size > keptBytes) chunks = []
    else chunks.push(chunk)
  }
  return size > keptBytes ? null : Buffer.concat(chunks)
}

/** The text of a body, without its content encoding. */
export async function textOf(bytes: Uint8Array | null, headers: Reply['headers']): Promise<Body> {
  if (bytes === null) return { body: '', unread: `is larger than ${keptBytes >> 20} MiB` }
  const decoded = await decodeContent(bytes, headers['content-encoding'], keptBytes)
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
