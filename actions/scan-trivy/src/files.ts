import { mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FileSystem } from './ports.ts'

export function systemFiles(temp: string): FileSystem {
  return {
    kind: (path) =>
      absentAsNull(async () =>
        (await stat(path)).isDirectory() ? ('directory' as const) : ('file' as const),
      ),
    read: (path) => absentAsNull(() => readFile(path, 'utf8')),
    write: (path, text) => writeFile(path, text),
    link: (target, path) => symlink(target, path),
    ensureDirectory: async (path) => {
      await mkdir(path, { recursive: true })
    },
    remove: (path) => rm(path, { recursive: true, force: true }),
    workspace: async () => {
      await mkdir(join(temp, 'alt-las'), { recursive: true })
      return mkdtemp(join(temp, 'alt-las', 'scan-trivy-'))
    },
  }
}

async function absentAsNull<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work()
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null
    if (code === 'ENOENT' || code === 'ENOTDIR') return null
    throw error
  }
}
