export interface TarPart {
  readonly name: string
  readonly text?: string
  /** `0` a file, `2` a link, `5` a directory, `x` fields of the next entry, `L` its long name. Default `0`. */
  readonly type?: string
  /** As the header tells it, in octal; default: that of the text. */
  readonly size?: string
  /** Default that of POSIX. */
  readonly magic?: string
  readonly prefix?: string
}

/** A tar archive of these files. */
export function tarOf(files: Readonly<Record<string, string>>): Buffer {
  return tarOfParts(Object.entries(files).map(([name, text]) => ({ name, text })))
}

/** The same of entries of any kind; `end` stands behind the archive's end. */
export function tarOfParts(parts: readonly TarPart[], end: Buffer = Buffer.alloc(0)): Buffer {
  return Buffer.concat([...parts.flatMap(blocksOf), Buffer.alloc(1024), end])
}

/** The records of a PAX header. */
export function paxOf(fields: Readonly<Record<string, string>>): string {
  return Object.entries(fields)
    .map(([key, value]) => {
      const rest = ` ${key}=${value}\n`
      const short = rest.length + String(rest.length).length
      return `${rest.length + String(short).length}${rest}`
    })
    .join('')
}

function blocksOf({ name, text = '', type = '0', size, magic, prefix = '' }: TarPart): readonly Buffer[] {
  const header = Buffer.alloc(512)
  header.write(name, 0, 100)
  header.write(size ?? Buffer.byteLength(text).toString(8).padStart(11, '0'), 124, 12)
  header.write('        ', 148)
  header.write(type, 156, 1)
  header.write(magic ?? 'ustar\x0000', 257)
  header.write(prefix, 345, 155)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  const body = Buffer.alloc(Math.ceil(Buffer.byteLength(text) / 512) * 512)
  body.write(text)
  return [header, body]
}
