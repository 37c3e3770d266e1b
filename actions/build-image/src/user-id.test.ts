import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from '@jest/globals'
import { paxOf, tarOf, tarOfParts, type TarPart } from '@alt-las/testing'
import { findUserId } from './user-id.ts'

async function find(user: string, ...layers: readonly Buffer[]) {
  const folder = await mkdtemp(join(tmpdir(), 'layers '))
  const paths = layers.map((_, index) => join(folder, String(index)))
  for (const [index, layer] of layers.entries()) await writeFile(paths[index] ?? '', layer)
  return findUserId(user, paths)
}
const passwd = (text: string) => gzipSync(tarOf({ 'etc/passwd': text }))

describe('the number of an image user', () => {
  const layer = passwd(
    'root:x:0:0::/root:/bin/sh\ntoor:x:0:0::/:\napp:x:1000:1000::/:\nodd:x:y:1::/:\n 7of9:x:0:0::/:\r\n7of9:x:7:7::/:\n',
  )

  test.each([
    ['65532', 65532],
    ['65532:65532', 65532],
    ['', 0],
    ['root', 0],
    ['app', 1000],
    ['app:staff', 1000],
    ['toor', 0],
    // An engine takes a number that is none for 0, and no blank for a part of the name.
    ['odd', 0],
    ['7of9', 0],
    ['4294967296', 4294967296],
  ])('%j is %i', async (user, id) => {
    await expect(find(user, layer)).resolves.toEqual({ kind: 'known', id })
  })

  test('the highest layer counts', async () => {
    await expect(find('app', layer, passwd('app:x:0:0::/:'))).resolves.toEqual({ kind: 'known', id: 0 })
  })

  test.each<[string, string, readonly Buffer[], string]>([
    ['another name', 'x', [layer], 'does not have it'],
    ['no file', 'app', [gzipSync(tarOf({ a: '' }))], 'no readable /etc/passwd'],
    ['a removed directory', 'app', [layer, gzipSync(tarOf({ '.wh.etc': '' }))], 'no readable /etc/passwd'],
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

// Whoever makes a base image writes its layers byte by byte: another reader must not find another user.
describe('a layer is read as engines read it', () => {
  const text = 'app:x:0:0::/:\n'
  const innocent: TarPart = { name: 'etc/passwd', text: 'app:x:1000:1000::/:\n' }

  test.each<[string, readonly TarPart[]]>([
    ['a name with dots and slashes', [{ name: './etc//./passwd', text }]],
    ['a name that goes out and in', [{ name: '../a/../etc/passwd', text }]],
    [
      'a name in a PAX header',
      [
        { name: 'x', type: 'x', text: paxOf({ path: 'etc/passwd' }) },
        { name: 'y', text },
      ],
    ],
    [
      'a long name of GNU tar',
      [
        { name: '././@LongLink', type: 'L', text: 'etc/passwd\0' },
        { name: 'y', text },
      ],
    ],
    [
      'a size in a PAX header',
      [
        { name: 'x', type: 'x', text: paxOf({ size: `${text.length}` }) },
        { name: 'etc/passwd', text, size: '0' },
      ],
    ],
    [
      'times of GNU tar where POSIX has a prefix',
      [{ name: 'etc/passwd', text, magic: 'ustar  ', prefix: 'x' }],
    ],
    ['a prefix', [{ name: 'passwd', prefix: 'etc', text }]],
    [
      'the size of a link',
      [
        { name: 'a', type: '2', size: '00000001000' },
        { name: 'etc/passwd', text },
      ],
    ],
  ])('%s', async (_, parts) => {
    const found = find('app', passwd(innocent.text ?? ''), tarOfParts(parts))
    await expect(found).resolves.toEqual({ kind: 'known', id: 0 })
  })

  test('what stands behind the end is not there, however long it is', async () => {
    const behind = Buffer.concat([tarOf({ 'etc/passwd': innocent.text ?? '' }), Buffer.alloc(8 << 20)])
    const found = find('app', tarOfParts([{ name: 'etc/passwd', text }], behind))
    await expect(found).resolves.toEqual({ kind: 'known', id: 0 })
  })

  test.each<[string, readonly TarPart[]]>([
    ['a file that is a link', [{ name: 'etc/passwd', type: '2' }]],
    [
      'a directory that is a link',
      [
        { name: 'etc', type: '2' },
        { name: 'real/passwd', text },
      ],
    ],
    [
      'a link, and a file through it',
      [
        { name: 'etc', type: '2' },
        { name: 'etc/passwd', text: innocent.text ?? '' },
        { name: 'real/passwd', text },
      ],
    ],
    ['a sparse file', [{ name: 'etc/passwd', type: 'S', text }]],
    [
      'a sparse file of PAX',
      [
        { name: 'x', type: 'x', text: paxOf({ 'GNU.sparse.name': 'etc/passwd' }) },
        { name: 'y', text },
      ],
    ],
    ['a size below nothing', [{ name: 'a', size: '-0000002000' }, innocent]],
    ['records without an end', [{ name: 'x', type: 'x', text: '99 path=etc/passwd\n' }, innocent]],
  ])('is not known with %s', async (_, parts) => {
    await expect(find('app', passwd(innocent.text ?? ''), tarOfParts(parts))).resolves.toMatchObject({
      kind: 'unknown',
    })
  })
})
