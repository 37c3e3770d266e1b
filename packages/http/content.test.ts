import zlib from 'node:zlib'
import { describe, expect, test } from '@jest/globals'
import { decodeContent } from './index.ts'

const text = '{"ok":true}'
const decoding = async (bytes: Uint8Array, encoding: string | undefined, limit = 1000) => {
  const decoded = await decodeContent(bytes, encoding, limit)
  return decoded.kind === 'decoded' ? Buffer.from(decoded.bytes).toString() : decoded.because
}

describe('a body', () => {
  test.each([
    [undefined, Buffer.from(text)],
    ['identity', Buffer.from(text)],
    ['gzip', zlib.gzipSync(text)],
    [' X-GZIP ', zlib.gzipSync(text)],
    ['deflate', zlib.deflateSync(text)],
    ['deflate', zlib.deflateRawSync(text)],
    ['br', zlib.brotliCompressSync(text)],
    ['zstd', zlib.zstdCompressSync(text)],
    ['deflate, gzip', zlib.gzipSync(zlib.deflateSync(text))],
    ['gzip, identity', zlib.gzipSync(text)],
    ['gzip', Buffer.concat([zlib.gzipSync('{"ok"'), zlib.gzipSync(':true}')])],
  ])('in the encoding %s is decoded', async (encoding, bytes) => {
    await expect(decoding(bytes, encoding)).resolves.toBe(text)
  })

  test('that is empty has no encoding', async () => {
    await expect(decoding(Buffer.alloc(0), 'gzip')).resolves.toBe('')
  })

  test.each([
    ['gzip', Buffer.from(text), 'is not gzip, as its header says'],
    ['br', zlib.gzipSync(text), 'is not br, as its header says'],
    ['gzip', zlib.gzipSync(text).subarray(0, 12), 'is not gzip, as its header says'],
    ['constructor', Buffer.from(text), 'has the unknown encoding "constructor"'],
    ['br, compress', Buffer.from(text), 'has the unknown encoding "compress"'],
    ['gzip,gzip,gzip,gzip,gzip', Buffer.from(text), 'has more than 4 encodings'],
    ['gzip', zlib.gzipSync(Buffer.alloc(5000)), 'is larger than 1000 bytes'],
    ['zstd', zlib.zstdCompressSync(Buffer.alloc(5000)), 'is larger than 1000 bytes'],
    ['br', zlib.brotliCompressSync(Buffer.alloc(5000)), 'is larger than 1000 bytes'],
  ])('in the encoding %s is not read where it %s', async (encoding, bytes, because) => {
    await expect(decoding(bytes, encoding)).resolves.toBe(because)
  })
})
