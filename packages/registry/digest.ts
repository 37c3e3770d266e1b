import { createHash } from 'node:crypto'
import { Failure } from '@alt-las/failure'

/** `sha256:` and 64 lower-case hex digits; only the functions below make one. */
export type Digest = string & { readonly brand: 'Digest' }

const grammar = /^sha256:[0-9a-f]{64}$/

export function isDigest(text: string): text is Digest {
  return grammar.test(text)
}

/** Throws Failure `bad-digest` (fault input). */
export function parseDigest(text: string): Digest {
  if (isDigest(text)) return text
  throw new Failure(
    'bad-digest',
    `got ${JSON.stringify(text)}, expected sha256: and 64 lower-case hex digits`,
    {
      fault: 'input',
    },
  )
}

export function digestOf(bytes: Uint8Array | string): Digest {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}` as Digest
}

/** Digest and size in bytes of a stream, without keeping it. */
export async function digestOfStream(
  stream: AsyncIterable<Uint8Array>,
): Promise<{ readonly digest: Digest; readonly size: number }> {
  const hash = createHash('sha256')
  let size = 0
  for await (const chunk of stream) {
    hash.update(chunk)
    size += chunk.length
  }
  return { digest: `sha256:${hash.digest('hex')}` as Digest, size }
}

/** Passes `source` on, the last chunk only if the whole has `digest`; throws `wrong` otherwise. An empty source is checked too. */
export async function* verified(
  source: AsyncIterable<Uint8Array>,
  digest: Digest,
  wrong: (seen: Digest) => Error,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256')
  let held: Uint8Array | null = null
  for await (const chunk of source) {
    hash.update(chunk)
    if (held !== null) yield held
    held = chunk
  }
  const seen = `sha256:${hash.digest('hex')}` as Digest
  if (seen !== digest) throw wrong(seen)
  if (held !== null) yield held
}
