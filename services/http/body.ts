import type { IncomingMessage } from 'node:http'
import { problem, type Reply } from './reply.ts'

export type Body =
  | { readonly kind: 'read'; readonly fields: Readonly<Record<string, unknown>> }
  | { readonly kind: 'refused'; readonly reply: Reply }

/** Largest body that a service reads, in bytes. */
export const bodyLimit = 1024 * 1024

/** Reads a request's body as one JSON object; anything else is a refusal that is ready to be sent. */
export async function readObject(message: IncomingMessage, limit: number = bodyLimit): Promise<Body> {
  const type = message.headers['content-type'] ?? ''
  if (!/^application\/([\w.-]+\+)?json\s*(;|$)/i.test(type))
    return refused(415, `content-type: got ${type || 'none'}, expected application/json`)
  if (Number(message.headers['content-length'] ?? 0) > limit) return tooLarge(limit)
  const chunks: Buffer[] = []
  let size = 0
  // Not destroyed on return: the refusal still has to go out over this socket.
  for await (const chunk of message.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > limit) return tooLarge(limit)
    chunks.push(chunk)
  }
  return parse(Buffer.concat(chunks))
}

function parse(bytes: Buffer): Body {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return refused(400, 'body: got bytes that are not JSON in UTF-8, expected a JSON object')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return refused(
      400,
      `body: got ${Array.isArray(value) ? 'an array' : String(value)}, expected a JSON object`,
    )
  return { kind: 'read', fields: value as Record<string, unknown> }
}

// The rest of the body is not read: the connection must not be used for another request.
function tooLarge(limit: number): Body {
  return {
    kind: 'refused',
    reply: problem(413, `body: got more than ${limit} bytes, expected less`, { connection: 'close' }),
  }
}

function refused(status: number, detail: string): Body {
  return { kind: 'refused', reply: problem(status, detail) }
}
