import { posix } from 'node:path'

/** One header block of an archive, by its own fields. */
export interface TarHeader {
  /** As written, with the prefix where the format has one. */
  readonly name: string
  /** The type flag: `0` or NUL for a file, `5` for a directory. */
  readonly type: string
  /** Bytes of content. */
  readonly size: number
}

export function notTar(): Error {
  return new Error('it is not a tar archive')
}

/** Throws an Error where the block is no header. */
export function readHeader(block: Buffer): TarHeader {
  checkSum(block)
  return { name: nameOf(block), type: block.toString('latin1', 156, 157), size: sizeOf(block) }
}

/** The place of an entry in the image, as engines find it: `./etc//passwd` and `a/../etc/passwd` are `etc/passwd`. */
export function placeOf(name: string): string {
  return posix.normalize(`/${name}`).replace(/^\/+|\/+$/g, '')
}

/** Only POSIX archives have a prefix: GNU keeps times there. */
function nameOf(header: Buffer): string {
  const text = (from: number, to: number) => header.subarray(from, to).toString().split('\0', 1)[0] ?? ''
  const name = text(0, 100)
  const prefix = header.toString('latin1', 257, 263) === 'ustar\0' ? text(345, 500) : ''
  return prefix === '' ? name : `${prefix}/${name}`
}

// Octal text; GNU tar writes what does not fit in base 256.
function sizeOf(header: Buffer): number {
  const field = header.subarray(124, 136)
  const size =
    ((field[0] ?? 0) & 0x80) === 0
      ? Number.parseInt(field.toString('latin1').replace(/[\0 ]+/g, '') || '0', 8)
      : Number(field.readBigInt64BE(4))
  if (!Number.isSafeInteger(size) || size < 0) throw notTar()
  return size
}

function checkSum(header: Buffer): void {
  const told = Number.parseInt(
    header
      .subarray(148, 156)
      .toString('latin1')
      .replace(/[\0 ]+/g, ''),
    8,
  )
  const sum = header.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0)
  if (sum !== told) throw notTar()
}
