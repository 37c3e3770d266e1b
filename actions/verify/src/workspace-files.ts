import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { Failure } from '@alt-las/failure'
import type { Files } from './ports.ts'

/** Reads relative to the workspace; writes results below the runner's own temporary folder. */
export function workspaceFiles({
  workspace,
  results,
}: {
  readonly workspace: string
  readonly results: string
}): Files {
  return {
    read: async (path) => {
      try {
        return await readFile(resolve(workspace, path), 'utf8')
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
