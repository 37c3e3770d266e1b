/** A tar archive of these files. */
export function tarOf(files: Readonly<Record<string, string>>): Buffer {
  const parts = Object.entries(files).flatMap(([name, text]) => {
    const header = Buffer.alloc(512)
    header.write(name, 0, 100)
    header.write(Buffer.byteLength(text).toString(8).padStart(11, '0'), 124)
    header.write('        0', 148)
    header.write('ustar', 257)
    const sum = header.reduce((total, byte) => total + byte, 0)
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
    const body = Buffer.alloc(Math.ceil(Buffer.byteLength(text) / 512) * 512)
    body.write(text)
    return [header, body]
  })
  return Buffer.concat([...parts, Buffer.alloc(1024)])
}
