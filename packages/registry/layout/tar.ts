// Layers as container engines read them: what an engine finds at another place, or does not see, must not be read here.
import { notTar, placeOf, readHeader, type TarHeader } from './tar-header.ts'

export interface TarEntry {
  /** Its place in the image: without a leading `/` or `./`, without `..`, without a slash at the end. */
  readonly path: string
  /** `link`: hard or symbolic, without content of its own. */
  readonly kind: 'file' | 'directory' | 'link' | 'device'
  /** Empty where it is no file, null where it is longer than the limit. */
  readonly read: () => Promise<Buffer | null>
}

const block = 512
const mostContent = 64 * 1024
/** Of a long name: no file system has a longer one. */
const mostExtra = 1024 * 1024

/** Reads an archive from its start, entry by entry, in linear time. Throws an Error where the bytes are no tar archive. */
export async function* tarEntries(source: AsyncIterable<Buffer>): AsyncGenerator<TarEntry> {
  const { take, skip } = reader(source)
  let extra: Extra = {}
  for (let bytes = await take(block); bytes !== null; bytes = await take(block)) {
    // An empty block ends the archive: engines read nothing behind it.
    if (bytes.every((byte) => byte === 0)) return
    const header = readHeader(bytes)
    const content = async (size: number): Promise<Buffer> => {
      const whole = size > mostExtra ? null : await take(padded(size))
      if (whole === null) throw notTar()
      return whole.subarray(0, size)
    }
    const more = await extraOf(header, content)
    if (more !== null) {
      extra = { ...extra, ...more }
      continue
    }
    if (header.type === 'S') throw new Error('it holds a sparse file')
    const name = extra.name ?? header.name
    const kind = kindOf(header, name)
    // Only files have content, whatever the header of a link says.
    const size = kind === 'file' ? (extra.size ?? header.size) : 0
    let left = padded(size)
    const read = async (): Promise<Buffer | null> => {
      if (size > mostContent) return null
      const whole = await take(left)
      left = 0
      return whole === null ? null : whole.subarray(0, size)
    }
    yield { path: placeOf(name), kind, read }
    await skip(left)
    extra = {}
  }
}

/** What stands before an entry and replaces fields of its header. */
interface Extra {
  readonly name?: string
  readonly size?: number
}

/** Of a header that describes the next one; null where it is an entry itself. */
async function extraOf(
  { type, size }: TarHeader,
  content: (size: number) => Promise<Buffer>,
): Promise<Extra | null> {
  switch (type) {
    case 'L':
      return { name: (await content(size)).toString().split('\0', 1)[0] ?? '' }
    case 'x':
      return extended(await content(size))
    // A long target of a link, and settings of the whole archive, which engines ignore.
    case 'K':
    case 'g':
      await content(size)
      return {}
    default:
      return null
  }
}

/** Records of a PAX header: `27 path=etc/passwd` and a line end, each with its own length. */
function extended(bytes: Buffer): Extra {
  const records = new Map<string, string>()
  for (let at = 0; at < bytes.length;) {
    const length = Number(/^\d+(?= )/.exec(bytes.toString('latin1', at, at + 20))?.[0] ?? 0)
    const record = bytes.subarray(at, at + length)
    const equals = record.indexOf('=')
    if (length === 0 || record.length < length || equals === -1 || record.at(-1) !== 0x0a) throw notTar()
    const key = record.toString('utf8', record.indexOf(' ') + 1, equals)
    // The content of a sparse file stands elsewhere, and its name too.
    if (key.startsWith('GNU.sparse.')) throw new Error('it holds a sparse file')
    records.set(key, record.toString('utf8', equals + 1, length - 1))
    at += length
  }
  const [name, size] = [records.get('path') ?? '', records.get('size') ?? '']
  if (size !== '' && !/^\d{1,15}$/.test(size)) throw notTar()
  return { ...(name === '' ? {} : { name }), ...(size === '' ? {} : { size: Number(size) }) }
}

function kindOf({ type }: TarHeader, name: string): TarEntry['kind'] {
  if (type === '1' || type === '2') return 'link'
  if (/[346]/.test(type)) return 'device'
  return type === '5' || (type === '\0' && name.endsWith('/')) ? 'directory' : 'file'
}

function padded(size: number): number {
  return Math.ceil(size / block) * block
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
