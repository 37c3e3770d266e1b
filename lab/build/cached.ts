import { existsSync, mkdirSync, renameSync, rmSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import type { Lab } from '../base/lab.ts'

/**
 * The folder `<cache>/<name>-<key>`, made by `make` when it is not there. It is made under another name and renamed when it is whole:
 * an interrupted build leaves nothing that looks finished.
 */
export async function cached(
  lab: Lab,
  entry: { readonly name: string; readonly key: string },
  make: (folder: string) => Promise<void>,
): Promise<string> {
  const folder = join(lab.cache, `${entry.name}-${entry.key}`)
  if (existsSync(folder)) {
    // The time of the last use: what is not used any more is the first to go.
    utimesSync(folder, new Date(), new Date())
    return folder
  }
  const half = `${folder}.half`
  rmSync(half, { recursive: true, force: true })
  mkdirSync(half, { recursive: true })
  await make(half)
  renameSync(half, folder)
  return folder
}

export const isCached = (lab: Lab, name: string, key: string): boolean =>
  existsSync(join(lab.cache, `${name}-${key}`))
