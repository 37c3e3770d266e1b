import { mkdtemp, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { workspaceFiles } from './workspace-files.ts'

async function workspace() {
  const folder = await mkdtemp(join(tmpdir(), 'verify-'))
  return { folder, files: workspaceFiles({ workspace: folder, results: join(folder, 'results') }) }
}

describe('the files of the workspace', () => {
  test('are read relative to it; results are written to their own folder', async () => {
    const { folder, files } = await workspace()
    await writeFile(join(folder, 'tests.yaml'), 'tests: []')
    await expect(files.read('tests.yaml')).resolves.toBe('tests: []')
    await expect(files.write('junit.xml', '<x/>')).resolves.toBe(join(folder, 'results', 'junit.xml'))
  })

  test('are an input problem where they are absent or too large', async () => {
    const { folder, files } = await workspace()
    await writeFile(join(folder, 'large.yaml'), '')
    await truncate(join(folder, 'large.yaml'), 5 * 1024 * 1024)
    await expect(files.read('absent.yaml')).rejects.toMatchObject({ code: 'unreadable', fault: 'input' })
    await expect(files.read('large.yaml')).rejects.toMatchObject({
      message: 'cannot read large.yaml',
      cause: { message: 'it has 5242880 bytes, at most 4194304 are read' },
    })
  })
})
