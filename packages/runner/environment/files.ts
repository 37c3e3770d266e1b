import { glob, mkdir, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { Failure, errorCode, readBounded } from '@alt-las/failure'
import type { ActionName } from '@alt-las/outcome'
import type { Environment } from './environment.ts'

/** The disk as actions use it; each declares in its own port what it needs of this. Paths are relative to the workspace. */
export interface RunFiles {
  kind(path: string): Promise<'file' | 'directory' | null>
  /** null where there is no such file. Throws Failure `unreadable` (fault input) where it is no file, or larger than any tool's. */
  read(path: string): Promise<string | null>
  /** The text of a file that an input names. Throws Failure `unreadable` (fault input) where it is absent or too large. */
  readNamed(path: string, maxBytes?: number): Promise<string>
  /** Files that match one of the glob patterns, each once, in order. */
  find(patterns: readonly string[]): Promise<readonly string[]>
  write(path: string, text: string): Promise<void>
  /** Makes `path` a symbolic link to `target`. */
  link(target: string, path: string): Promise<void>
  ensureDirectory(path: string): Promise<void>
  remove(path: string): Promise<void>
  /** A new folder of this run below the runner's temporary one; it outlives the step. */
  ownFolder(): Promise<string>
  /** Writes a result into a folder of this run; resolves to its path. */
  writeResult(name: string, text: string): Promise<string>
}

const usualMaxBytes = 4 * 1024 * 1024
/** Of a file that a tool of ours wrote: more than the report of any image. */
const mostBytes = 256 * 1024 * 1024

export function runFiles(
  action: ActionName,
  { temp, workspace }: Pick<Environment, 'temp' | 'workspace'>,
): RunFiles {
  const at = (path: string) => resolve(workspace, path)
  const ownFolder = async () => {
    await mkdir(join(temp, 'alt-las'), { recursive: true })
    return mkdtemp(join(temp, 'alt-las', `${action}-files-`))
  }
  let results: Promise<string> | null = null
  return {
    kind: (path) => absentAsNull(async () => ((await stat(at(path))).isDirectory() ? 'directory' : 'file')),
    read: (path) =>
      absentAsNull(async () => (await readBounded(at(path), mostBytes)).toString('utf8')).catch(
        (error: unknown) => {
          throw unreadable(path, error)
        },
      ),
    readNamed: (path, maxBytes = usualMaxBytes) => readNamed(path, at(path), maxBytes),
    find: async (patterns) => {
      const found = new Set<string>()
      for await (const path of glob([...patterns], { cwd: workspace })) found.add(path)
      const files = [...found].sort().map(async (path) => ((await stat(at(path))).isFile() ? [path] : []))
      return (await Promise.all(files)).flat()
    },
    write: (path, text) => writeFile(at(path), text),
    link: (target, path) => symlink(target, at(path)),
    ensureDirectory: async (path) => {
      await mkdir(at(path), { recursive: true })
    },
    remove: (path) => rm(at(path), { recursive: true, force: true }),
    ownFolder,
    writeResult: async (name, text) => {
      const path = join(await (results ??= ownFolder()), name)
      await writeFile(path, text)
      return path
    },
  }
}

async function readNamed(path: string, full: string, maxBytes: number): Promise<string> {
  try {
    return (await readBounded(full, maxBytes)).toString('utf8')
  } catch (error) {
    throw unreadable(path, error)
  }
}

function unreadable(path: string, cause: unknown): Failure<'unreadable'> {
  const hint = 'check the path, and that the repository is checked out'
  return new Failure('unreadable', `cannot read ${path}`, { fault: 'input', cause, hint })
}

async function absentAsNull<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work()
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')) return null
    throw error
  }
}
