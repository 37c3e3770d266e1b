import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from '@jest/globals'
import { tarOf } from '@alt-las/testing'
import { findUserId } from './user-id.ts'

async function find(user: string, ...layers: readonly Buffer[]) {
  const folder = await mkdtemp(join(tmpdir(), 'layers '))
  const paths = layers.map((_, index) => join(folder, String(index)))
  for (const [index, layer] of layers.entries()) await writeFile(paths[index] ?? '', layer)
  return findUserId(user, paths)
}
const passwd = (text: string) => gzipSync(tarOf({ 'etc/passwd': text }))

describe('the number of an image user', () => {
  const layer = passwd('root:x:0:0::/root:/bin/sh\ntoor:x:0:0::/:\napp:x:1000:1000::/:\nodd:x:y:1::/:\n')

  test.each([
    ['65532', 65532],
    ['65532:65532', 65532],
    ['', 0],
    ['root', 0],
    ['app', 1000],
    ['app:staff', 1000],
    ['toor', 0],
  ])('%j is %i', async (user, id) => {
    await expect(find(user, layer)).resolves.toEqual({ kind: 'known', id })
  })

  test('the highest layer counts', async () => {
    await expect(find('app', layer, passwd('app:x:0:0::/:'))).resolves.toEqual({ kind: 'known', id: 0 })
  })

  test.each<[string, string, readonly Buffer[], string]>([
    ['another name', 'x', [layer], 'does not have it'],
    ['a number that is none', 'odd', [layer], 'does not have it'],
    ['no file', 'app', [gzipSync(tarOf({ a: '' }))], 'no readable /etc/passwd'],
    ['a removed file', 'app', [layer, gzipSync(tarOf({ 'etc/.wh.passwd': '' }))], 'no readable /etc/passwd'],
    ['a file that is too large', 'app', [passwd('app:x:1:1\n'.repeat(10_000))], 'no readable /etc/passwd'],
    [
      'what is no archive',
      'app',
      [Buffer.from('x'.repeat(600))],
      'a layer cannot be read: it is not a tar archive',
    ],
  ])('is not known with %s', async (_, user, layers, because) => {
    await expect(find(user, ...layers)).resolves.toMatchObject({
      kind: 'unknown',
      because: expect.stringContaining(because),
    })
  })
})
