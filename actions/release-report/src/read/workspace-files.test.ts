import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { workspaceFiles } from './workspace-files.ts'

test('files are found once each, in order, on a path with spaces; folders are no files', async () => {
  const root = await mkdtemp(join(tmpdir(), 'report of '))
  for (const name of ['b', 'a']) {
    await mkdir(join(root, 'out comes', name), { recursive: true })
    await writeFile(join(root, 'out comes', name, 'outcome.json'), name)
  }
  await mkdir(join(root, 'out comes', 'c', 'outcome.json'), { recursive: true })
  const papers = workspaceFiles({ workspace: root, results: join(root, 'results') })
  const found = await papers.find(['out comes/*/outcome.json', 'out comes/a/*'])
  expect(found.map(({ text }) => text)).toEqual(['a', 'b'])
  const path = await papers.write('page.html', 'x')
  await expect(readFile(path, 'utf8')).resolves.toBe('x')
})
