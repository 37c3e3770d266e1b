import { createHash } from 'node:crypto'
import { cpSync, existsSync, globSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join, matchesGlob, relative, resolve } from 'node:path'

/** A file to keep: where it lies, and its path inside the artifact. */
export interface Kept {
  readonly from: string
  readonly to: string
}

/**
 * The files that the lines of `path` name. As with the real action, several search paths keep their folders from the deepest common one
 * on, and one file alone is kept by its name.
 */
export function filesOf(lines: string, workspace: string, hidden: boolean): readonly Kept[] {
  const patterns = lines
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const wanted = patterns.filter((pattern) => !pattern.startsWith('!'))
  const excluded = patterns
    .filter((pattern) => pattern.startsWith('!'))
    .map((pattern) => resolve(workspace, pattern.slice(1)))
  const files = wanted
    .flatMap((pattern) => globSync(resolve(workspace, pattern)))
    .flatMap((found) => (statSync(found).isDirectory() ? filesBeneath(found) : [found]))
    .filter(
      (file) =>
        hidden ||
        !relative(workspace, file)
          .split('/')
          .some((part) => part.startsWith('.') && part !== '..'),
    )
    .filter((file) => !excluded.some((pattern) => matchesGlob(file, pattern)))
  const unique = [...new Set(files)].sort()
  const root = rootOf(unique, wanted, workspace)
  return unique.map((file) => ({ from: file, to: relative(root, file) }))
}

function rootOf(files: readonly string[], wanted: readonly string[], workspace: string): string {
  const first = wanted[0]
  if (wanted.length === 1 && first !== undefined) {
    const place = resolve(workspace, first)
    if (existsSync(place) && statSync(place).isDirectory()) return place
  }
  return files.map(dirname).reduce((common, folder) => shared(common, folder), dirname(files[0] ?? workspace))
}

function shared(one: string, other: string): string {
  const parts = other.split('/')
  const same = one.split('/').findIndex((part, place) => part !== parts[place])
  return same < 0 ? one : one.split('/').slice(0, same).join('/') || '/'
}

const filesBeneath = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((name) => statSync(name).isFile())

/** Puts the files under `<store>/<name>`. Throws when there is such an artifact already and it may not be replaced. Returns its digest. */
export function keep(
  store: string,
  name: string,
  options: { readonly files: readonly Kept[]; readonly overwrite: boolean },
): string {
  const folder = join(store, name)
  if (existsSync(folder)) {
    if (!options.overwrite)
      throw new Error(`artifact ${name}: is there already; give it another name or set overwrite: true`)
    rmSync(folder, { recursive: true })
  }
  const hash = createHash('sha256')
  for (const { from, to } of options.files) {
    mkdirSync(dirname(join(folder, to)), { recursive: true })
    cpSync(from, join(folder, to))
    hash.update(`${to}\0`).update(readFileSync(from))
  }
  return hash.digest('hex')
}

/** The artifacts of a run by its number; `own` is the folder `<runs>/<number>/artifacts` of the present one. Throws where there is no such run. */
export function storeOf(own: string, run: string): string {
  if (run === '') return own
  const store = join(dirname(dirname(own)), run, 'artifacts')
  if (/^\d+$/.test(run) && existsSync(store)) return store
  throw new Error(`run-id: got ${run}, expected the number of a run`)
}

/**
 * Copies artifacts to `target` and returns their names. One named artifact goes into the folder itself; several go into folders of their
 * names, unless they are merged.
 */
export function bring(
  store: string,
  target: string,
  wanted: { readonly name: string; readonly pattern: string; readonly merge: boolean },
): readonly string[] {
  const all = existsSync(store) ? readdirSync(store).sort() : []
  if (wanted.name !== '') {
    if (!all.includes(wanted.name))
      throw new Error(`artifact ${wanted.name}: not found; this run has ${all.join(', ') || 'none'}`)
    cpSync(join(store, wanted.name), target, { recursive: true })
    return [wanted.name]
  }
  const chosen = all.filter((name) => wanted.pattern === '' || matchesGlob(name, wanted.pattern))
  mkdirSync(target, { recursive: true })
  for (const name of chosen)
    cpSync(join(store, name), wanted.merge ? target : join(target, basename(name)), { recursive: true })
  return chosen
}
