import { mkdir, mkdtemp, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** The disk, as far as this action needs it. */
export interface Files {
  kind(path: string): Promise<'file' | 'directory' | null>
  read(path: string): Promise<string>
  /** A new directory of this run's own, beneath the runner's temporary one; it outlives the step. */
  workspace(): Promise<string>
}

export function systemFiles(temp: string): Files {
  return {
    kind: async (path) => {
      try {
        return (await stat(path)).isDirectory() ? 'directory' : 'file'
      } catch (error) {
        if (isMissing(error)) return null
        throw error
      }
    },
    read: (path) => readFile(path, 'utf8'),
    workspace: async () => {
      await mkdir(join(temp, 'alt-las'), { recursive: true })
      return mkdtemp(join(temp, 'alt-las', 'build-image-'))
    },
  }
}

function isMissing(error: unknown): boolean {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null
  return code === 'ENOENT' || code === 'ENOTDIR'
}
