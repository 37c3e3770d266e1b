import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { Failure } from '@alt-las/failure'
import type { Files } from './ports.ts'

const largestBytes = 4 * 1024 * 1024

/** Reads relative to the workspace; writes results below the runner's temporary folder. */
export function workspaceFiles({
  workspace,
  results,
}: {
  readonly workspace: string
  readonly results: string
}): Files {
  return {
    read: async (path) => {
      const place = resolve(workspace, path)
      try {
        const { size } = await stat(place)
        if (size > largestBytes) throw new Error(`it has ${size} bytes, at most ${largestBytes} are read`)
        return await readFile(place, 'utf8')
      } catch (error) {
        throw new Failure('unreadable', `cannot read ${path}`, {
          fault: 'input',
          cause: error,
          hint: 'check the path, and that the repository is checked out',
        })
      }
    },
    write: async (name, text) => {
      await mkdir(results, { recursive: true })
      const path = join(results, name)
      await writeFile(path, text)
      return path
    },
  }
}
