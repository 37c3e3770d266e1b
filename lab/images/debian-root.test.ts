import { expect, test } from '@jest/globals'
import { parseUris } from './debian-root.ts'

test('a package is known by its version and checksum, wherever it was fetched from', () => {
  const line = (host: string): string =>
    `'https://${host}/pool/z/zlib1g_1.2_amd64.deb' zlib1g_1%3a1.2_amd64.deb 86684 SHA256:d7dd\n'https://${host}/b.deb' libbz2-1.0_1.0_amd64.deb 4 SHA256:aa\n`
  expect(parseUris(line('one'))).toEqual(parseUris(line('two')))
  expect(parseUris(line('one')).get('zlib1g')).toBe('zlib1g_1%3a1.2_amd64.deb 86684 SHA256:d7dd')
  expect([...parseUris(line('one')).keys()]).toEqual(['zlib1g', 'libbz2-1.0'])
})
