import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, test } from '@jest/globals'
import { tarOf } from '@alt-las/testing'
import { readContents } from './image-contents.ts'

async function look(...layers: readonly Buffer[]) {
  const folder = await mkdtemp(join(tmpdir(), 'layers '))
  const paths = layers.map((_, index) => join(folder, String(index)))
  for (const [index, layer] of layers.entries()) await writeFile(paths[index] ?? '', layer)
  return readContents(paths, new AbortController().signal)
}

describe('the distribution of an image, by its own files', () => {
  const arch = { 'etc/os-release': 'NAME="Arch Linux"\nID=arch\n', 'usr/bin/pacman': 'x'.repeat(5000) }

  test.each<[string, (archive: Buffer) => Buffer]>([
    ['plain', (archive) => archive],
    ['gzip', (archive) => gzipSync(archive)],
    ['zstd', (archive) => zstdCompressSync(archive)],
  ])('is read from a layer: %s', async (_, pack) => {
    await expect(look(pack(tarOf(arch)))).resolves.toEqual({
      kind: 'read',
      distribution: 'arch',
      ecosystems: [],
    })
  })

  test.each<[string, Readonly<Record<string, string>>, object]>([
    ['one program', { app: 'x', 'etc/passwd': 'y' }, { distribution: null }],
    [
      'a version',
      { './usr/lib/os-release': 'ID=\'void\'\nVERSION_ID="2024"\n' },
      { distribution: 'void 2024' },
    ],
    [
      'a name of odd characters',
      { 'etc/os-release': 'ID=::error::x' },
      { distribution: 'unknown distribution' },
    ],
    [
      'packages without a name',
      { '/var/lib/pacman/local/a/desc': '' },
      { distribution: 'unknown distribution' },
    ],
    [
      'a file that is too large',
      { 'etc/os-release': 'x'.repeat(70_000) },
      { distribution: 'unknown distribution' },
    ],
    [
      'a link beside the file',
      { 'etc/os-release': '', 'usr/lib/os-release': 'ID=nixos\nVERSION_ID=24.05' },
      { distribution: 'nixos 24.05' },
    ],
  ])('%s', async (_, files, expected) => {
    await expect(look(tarOf(files))).resolves.toMatchObject(expected)
  })

  test('packages of another layer do not hide the name', async () => {
    const packages = tarOf({ 'var/lib/pacman/local/a/desc': '' })
    await expect(look(tarOf(arch), packages)).resolves.toMatchObject({ distribution: 'arch' })
  })

  test('an ecosystem that Trivy passes over is named', async () => {
    const conda = tarOf({ 'opt/conda/conda-meta/numpy-1.json': '{}', 'opt/conda/conda-meta/history': '' })
    await expect(look(conda)).resolves.toMatchObject({ distribution: null, ecosystems: ['conda-pkg'] })
  })

  test('a higher layer has the last word, and takes nothing away', async () => {
    const other = tarOf({ 'etc/os-release': 'ID=gentoo' })
    const removed = tarOf({ 'etc/.wh.os-release': '' })
    await expect(look(tarOf(arch), other, removed)).resolves.toEqual({
      kind: 'read',
      distribution: 'gentoo',
      ecosystems: [],
    })
  })

  test.each([
    ['what is no archive', Buffer.from('x'.repeat(600))],
    ['what is cut off', gzipSync(tarOf(arch)).subarray(0, 60)],
  ])('%s cannot be told', async (_, bytes) => {
    await expect(look(bytes)).resolves.toMatchObject({ kind: 'unreadable' })
  })
})
