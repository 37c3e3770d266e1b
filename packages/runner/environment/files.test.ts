import { mkdir, mkdtemp, readFile, readlink, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { runFiles } from '../index.ts'

async function scene(files: Readonly<Record<string, string>> = {}) {
  const root = await mkdtemp(join(tmpdir(), 'run files '))
  const [workspace, temp] = [join(root, 'work space'), join(root, 'temp')]
  await mkdir(workspace)
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(workspace, name)), { recursive: true })
    await writeFile(join(workspace, name), text)
  }
  return { workspace, temp, files: runFiles('verify', { workspace, temp }) }
}

describe('the files of a run', () => {
  test('are read from the workspace; what is absent is null', async () => {
    const { files, workspace } = await scene({ 'a/b.txt': 'x' })
    expect(await files.kind('a')).toBe('directory')
    expect(await files.kind('a/b.txt')).toBe('file')
    expect(await files.kind('a/b.txt/c')).toBeNull()
    expect(await files.read('a/b.txt')).toBe('x')
    expect(await files.read(join(workspace, 'a/b.txt'))).toBe('x')
    expect(await files.read('none')).toBeNull()
  })

  test('another error of the disk is not taken for absence', async () => {
    const { files } = await scene({ 'a/b.txt': 'x' })
    await expect(files.read('a')).rejects.toMatchObject({
      code: 'unreadable',
      cause: { message: 'it is a directory' },
    })
  })

  test('that an input names are an input problem where they are absent or too large', async () => {
    const { files, workspace } = await scene({ 'tests.yaml': 'tests: []', 'large.yaml': '' })
    await truncate(join(workspace, 'large.yaml'), 5 * 1024 * 1024)
    await expect(files.readNamed('tests.yaml')).resolves.toBe('tests: []')
    await expect(files.readNamed('absent.yaml')).rejects.toMatchObject({ code: 'unreadable', fault: 'input' })
    await expect(files.readNamed('large.yaml')).rejects.toMatchObject({
      message: 'cannot read large.yaml',
      cause: { message: 'it has 5242880 bytes, expected at most 4194304' },
    })
  })

  test('are found once each, in order; folders are no files', async () => {
    const { files, workspace } = await scene({ 'out/b/outcome.json': 'b', 'out/a/outcome.json': 'a' })
    await mkdir(join(workspace, 'out/c/outcome.json'), { recursive: true })
    expect(await files.find(['out/*/outcome.json', 'out/a/*'])).toEqual([
      join('out', 'a', 'outcome.json'),
      join('out', 'b', 'outcome.json'),
    ])
  })

  test('are written to folders of this run alone, and results to one of them', async () => {
    const { files, temp } = await scene()
    const folders = [await files.ownFolder(), await files.ownFolder()]
    expect(new Set(folders).size).toBe(2)
    for (const folder of folders) expect(dirname(folder)).toBe(join(temp, 'alt-las'))
    const paths = [await files.writeResult('a.xml', '<a/>'), await files.writeResult('b.xml', '<b/>')]
    expect(new Set(paths.map(dirname)).size).toBe(1)
    expect(await readFile(paths[1] ?? '', 'utf8')).toBe('<b/>')
  })

  test('can be linked and removed', async () => {
    const { files, workspace } = await scene({ 'a/b.txt': 'x' })
    await files.link(join(workspace, 'a'), 'link')
    expect(await readlink(join(workspace, 'link'))).toBe(join(workspace, 'a'))
    await files.remove('a')
    await files.remove('a')
    expect(await files.kind('a')).toBeNull()
  })
})
