import { readFileSync, statSync, type Stats } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'

/**
 * The bytes of a file that others may have written. A link to a device or a pipe has a size of 0 and no end: only regular files are read. Throws
 * an Error that says what is wrong, and the system's own where there is no such file.
 */
export async function readBounded(path: string, maxBytes: number): Promise<Buffer> {
  check(await stat(path), maxBytes)
  return readFile(path)
}

/** The same while inputs are read. */
export function readBoundedSync(path: string, maxBytes: number): Buffer {
  check(statSync(path), maxBytes)
  return readFileSync(path)
}

function check(info: Stats, maxBytes: number): void {
  if (!info.isFile())
    throw new Error(info.isDirectory() ? 'it is a directory' : 'it is a device or a pipe, expected a file')
  if (info.size > maxBytes) throw new Error(`it has ${info.size} bytes, expected at most ${maxBytes}`)
}
