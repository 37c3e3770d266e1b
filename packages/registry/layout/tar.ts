/** A regular file, link or directory in a tar archive. */
export interface TarEntry {
  /** Without a leading `/` or `./`. */
  readonly path: string
  /** Null where it is longer than the limit. */
  readonly read: () => Promise<Buffer | null>
}

const block = 512
const mostContent = 64 * 1024

/** Reads an archive from its start, entry by entry, in linear time. Throws an Error where the bytes are no tar archive. */
export async function* tarEntries(source: AsyncIterable<Buffer>): AsyncGenerator<TarEntry> {
  const { take, skip } = reader(source)
  for (let header = await take(block); header !== null; header = await take(block)) {
    // Two empty blocks end the archive.
    if (header.every((byte) => byte === 0)) continue
    checkSum(header)
    const size = sizeOf(header)
    let left = Math.ceil(size / block) * block
    const read = async (): Promise<Buffer | null> => {
      if (size > mostContent) return null
      const content = await take(left)
      left = 0
      return content === null ? null : content.subarray(0, size)
    }
    yield { path: pathOf(header), read }
    await skip(left)
  }
}

function reader(source: AsyncIterable<Buffer>) {
  const chunks = source[Symbol.asyncIterator]()
  let held: Buffer = Buffer.alloc(0)
  const fill = async (): Promise<boolean> => {
    const next = await chunks.next()
    if (next.done === true) return false
    held = held.length === 0 ? next.value : Buffer.concat([held, next.value])
    return true
  }
  return {
    take: async (count: number): Promise<Buffer | null> => {
      while (held.length < count) if (!(await fill())) return null
      const part = held.subarray(0, count)
      held = held.subarray(count)
      return part
    },
    skip: async (count: number): Promise<void> => {
      let left = count
      while (left > held.length) {
        left -= held.length
        held = Buffer.alloc(0)
        if (!(await fill())) return
      }
      held = held.subarray(left)
    },
  }
}

function pathOf(header: Buffer): string {
  const text = (from: number, to: number) => header.subarray(from, to).toString().split('\0', 1)[0] ?? ''
  const prefix = text(257, 262) === 'ustar' ? text(345, 500) : ''
  return (prefix === '' ? text(0, 100) : `${prefix}/${text(0, 100)}`).replace(/^\.?\/+/, '')
}

// Octal text; GNU tar writes what does not fit in base 256.
function sizeOf(header: Buffer): number {
  const field = header.subarray(124, 136)
  const size =
    ((field[0] ?? 0) & 0x80) === 0
      ? Number.parseInt(field.toString('latin1').replace(/[\0 ]+/g, '') || '0', 8)
      : Number(field.readBigUInt64BE(4))
  if (!Number.isSafeInteger(size)) throw new Error('it is not a tar archive')
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
  if (sum !== told) throw new Error('it is not a tar archive')
}
