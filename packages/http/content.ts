import { promisify } from 'node:util'
import zlib from 'node:zlib'
import { errorCode } from '@alt-las/failure'

export type Decoded =
  | { readonly kind: 'decoded'; readonly bytes: Uint8Array }
  /** `because`: the rest of a sentence about the body. */
  | { readonly kind: 'unreadable'; readonly because: string }

type Decode = (bytes: Uint8Array, options: { readonly maxOutputLength: number }) => Promise<Uint8Array>

const gunzip: Decode = promisify(zlib.gunzip)
const inflate: Decode = promisify(zlib.inflate)
const inflateRaw: Decode = promisify(zlib.inflateRaw)

const decoders: Readonly<Record<string, Decode>> = {
  gzip: gunzip,
  'x-gzip': gunzip,
  // Some servers leave out the zlib header that RFC 9110 asks for.
  deflate: (bytes, options) => (hasZlibHeader(bytes) ? inflate : inflateRaw)(bytes, options),
  br: promisify(zlib.brotliDecompress),
  zstd: promisify(zlib.zstdDecompress),
}

/** Several encodings cost time each; no server applies more than two. */
const mostEncodings = 4

/** A body without its Content-Encoding, at most `limitBytes` long. */
export async function decodeContent(
  bytes: Uint8Array,
  encoding: string | undefined,
  limitBytes: number,
): Promise<Decoded> {
  const names = (encoding ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity')
  const unreadable = (because: string): Decoded => ({ kind: 'unreadable', because })
  if (names.length > mostEncodings) return unreadable(`has more than ${mostEncodings} encodings`)
  let decoded = bytes
  // The last one was applied last. An empty body has none, whatever the header says.
  for (const name of bytes.length === 0 ? [] : names.reverse()) {
    const decode = Object.hasOwn(decoders, name) ? decoders[name] : undefined
    if (decode === undefined)
      return unreadable(`has the unknown encoding ${JSON.stringify(name.slice(0, 40))}`)
    try {
      decoded = await decode(decoded, { maxOutputLength: limitBytes })
    } catch (error) {
      const isLarge = errorCode(error) === 'ERR_BUFFER_TOO_LARGE'
      return unreadable(isLarge ? `is larger than ${limitBytes} bytes` : `is not ${name}, as its header says`)
    }
  }
  return { kind: 'decoded', bytes: decoded }
}

function hasZlibHeader([first = 0, second = 0]: Uint8Array): boolean {
  return (first & 0x0f) === 8 && (first * 256 + second) % 31 === 0
}
