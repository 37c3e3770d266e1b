import { join, resolve } from 'node:path'
import type { Inputs } from '../inputs.ts'
import type { Ports } from '../ports.ts'
import type { IgnoreFile } from '../verdict/ignores.ts'
import { trivyEnvironment } from './arguments.ts'

/** Shared by every run of Trivy in this step. */
export interface RunDirectory {
  /** A directory of this step alone. */
  readonly own: string
  readonly cacheDir: string
  readonly ignoreFile: string
  /** Empty, so that Trivy finds no configuration in its working directory. */
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
}

/** Makes the directories and writes the ignore file. */
export async function makeRunDirectory(
  own: string,
  { inputs, ignores }: { readonly inputs: Inputs; readonly ignores: IgnoreFile },
  { files, environment }: Pick<Ports, 'files' | 'environment'>,
): Promise<RunDirectory> {
  const { temp, workspace } = environment
  const ignoreFile = join(own, ignores.name)
  const shared = join(temp, 'alt-las', 'trivy-cache')
  const cacheDir = inputs.cacheDir === null ? shared : resolve(workspace, inputs.cacheDir)
  const cwd = join(own, 'cwd')
  await files.ensureDirectory(cwd)
  await files.ensureDirectory(cacheDir)
  await files.write(ignoreFile, ignores.text)
  return { own, cacheDir, ignoreFile, cwd, env: trivyEnvironment(ignoreFile) }
}

/** Path of Trivy's JSON for the scan with this index, from 0. */
export function jsonPath({ own }: RunDirectory, index: number): string {
  return join(own, `scan-${index}.json`)
}
