import { mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { readBounded, readBoundedSync } from './bounded-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'bounded-'))
const at = (name: string) => join(folder, name)
writeFileSync(at('good'), 'abc')
symlinkSync(at('good'), at('link'))
symlinkSync('/dev/zero', at('endless'))

describe.each<[string, (path: string, maxBytes: number) => Promise<Buffer>]>([
  ['readBounded', readBounded],
  ['readBoundedSync', (path, maxBytes) => Promise.resolve().then(() => readBoundedSync(path, maxBytes))],
])('%s', (_, read) => {
  test.each(['good', 'link'])('reads %s', async (name) => {
    await expect(read(at(name), 3)).resolves.toEqual(Buffer.from('abc'))
  })

  test.each([
    ['good', 'it has 3 bytes, expected at most 2'],
    ['endless', 'it is a device or a pipe, expected a file'],
    ['.', 'it is a directory'],
    ['absent', 'ENOENT'],
  ])('refuses %s: %s', async (name, message) => {
    await expect(read(at(name), 2)).rejects.toThrow(message)
  })
})
