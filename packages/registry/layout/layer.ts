import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { PassThrough, type Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createZstdDecompress } from 'node:zlib'
import { tarEntries, type TarEntry } from './tar.ts'

/** The files of a layer on disk, plain or compressed by gzip or zstd. Throws an Error where it cannot be read as an archive. */
export async function* layerFiles(path: string, signal?: AbortSignal): AsyncGenerator<TarEntry> {
  const unpacked = await decompression(path)
  const options = signal === undefined ? {} : { signal }
  const reading = pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), unpacked, options)
  // Its error comes by the stream too.
  reading.catch(() => undefined)
  try {
    yield* tarEntries(unpacked)
  } finally {
    unpacked.destroy()
  }
}

async function decompression(path: string): Promise<Transform> {
  const file = await open(path)
  try {
    const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0)
    if (buffer.readUInt16BE() === 0x1f8b) return createGunzip()
    return buffer.readUInt32BE() === 0x28b52ffd ? createZstdDecompress() : new PassThrough()
  } finally {
    await file.close()
  }
}
