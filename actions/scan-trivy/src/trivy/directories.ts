import { join, resolve } from 'node:path'
import type { Environment } from '@alt-las/runner'
import type { Files } from '../files.ts'
import type { IgnoreFile } from '../verdict/ignores.ts'
import type { ScanInputs } from '../inputs.ts'
import { trivyEnvironment } from './arguments.ts'

/** Where one run keeps what it writes. */
export interface Place {
  /** A directory of this run's own. */
  readonly own: string
  readonly cacheDir: string
  readonly ignoreFile: string
  /** Empty, so that Trivy finds no configuration in its working directory. */
  readonly cwd: string
  /** What Trivy's runs have in their environment. */
  readonly env: Readonly<Record<string, string>>
}

/** Makes the directories and writes the ignore file. */
export async function makePlace(
  own: string,
  { inputs, ignores }: { readonly inputs: ScanInputs; readonly ignores: IgnoreFile },
  { files, environment }: { readonly files: Files; readonly environment: Environment },
): Promise<Place> {
  const { temp, workspace } = environment
  const ignoreFile = join(own, ignores.name)
  const shared = join(temp, 'alt-las', 'trivy-cache')
  const cacheDir = inputs.cacheDir === '' ? shared : resolve(workspace, inputs.cacheDir)
  const cwd = join(own, 'cwd')
  await files.ensureDirectory(cwd)
  await files.ensureDirectory(cacheDir)
  await files.write(ignoreFile, ignores.text)
  return { own, cacheDir, ignoreFile, cwd, env: trivyEnvironment(ignoreFile) }
}

/** Trivy's JSON of the scan number `index`, from 0. */
export function jsonOf({ own }: Place, index: number): string {
  return join(own, `scan-${String(index)}.json`)
}
