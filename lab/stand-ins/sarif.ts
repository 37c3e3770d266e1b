import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'

/** Keeps the SARIF file, or every one of the folder, under `<store>/<category>`. Throws for what code scanning would not take. Returns their names. */
export function keepSarif(from: string, store: string, category: string): readonly string[] {
  const files = statSync(from).isDirectory()
    ? readdirSync(from)
        .filter((name) => name.endsWith('.sarif'))
        .map((name) => join(from, name))
    : [from]
  if (files.length === 0) throw new Error(`${from}: got no file that ends with .sarif`)
  const folder = join(store, category.replace(/[^\w.-]+/g, '_') || 'none')
  mkdirSync(folder, { recursive: true })
  return files.map((file) => {
    const text = readFileSync(file, 'utf8')
    const { version, runs } = JSON.parse(text) as { readonly version?: unknown; readonly runs?: unknown }
    if (version !== '2.1.0' || !Array.isArray(runs))
      throw new Error(`${file}: got version ${JSON.stringify(version)}, expected SARIF 2.1.0 with runs`)
    writeFileSync(join(folder, basename(file)), text)
    return `${basename(folder)}/${basename(file)}`
  })
}
