import { glob, mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Files } from '../ports.ts'

/** Finds relative to the workspace; writes below the runner's own temporary folder. */
export function workspaceFiles({
  workspace,
  results,
}: {
  readonly workspace: string
  readonly results: string
}): Files {
  return {
    find: async (patterns) => {
      const paths = new Set<string>()
      for await (const path of glob([...patterns], { cwd: workspace })) paths.add(path)
      const files = await Promise.all(
        [...paths].sort().map(async (path) => {
          const full = resolve(workspace, path)
          return (await stat(full)).isFile() ? [{ path, text: await readFile(full, 'utf8') }] : []
        }),
      )
      return files.flat()
    },
    write: async (name, text) => {
      await mkdir(results, { recursive: true })
      const path = join(results, name)
      await writeFile(path, text)
      return path
    },
  }
}
