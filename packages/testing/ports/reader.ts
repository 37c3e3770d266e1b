import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import type { Read } from '@alt-las/runner'

interface ActionYml {
  readonly inputs?: Readonly<Record<string, { readonly default?: string | number | boolean } | null>>
}

/** Reads inputs as a runner would: the defaults of the real action.yml under the overrides; an undeclared name throws. */
export function readerFor(actionYml: string | URL, overrides: Readonly<Record<string, string>> = {}): Read {
  const inputs = (parse(readFileSync(actionYml, 'utf8')) as ActionYml).inputs ?? {}
  for (const name of Object.keys(overrides))
    if (!(name in inputs)) throw new Error(`action.yml has no input ${name}`)
  return (name) => {
    if (!(name in inputs)) throw new Error(`action.yml has no input ${name}`)
    const byDefault = String(inputs[name]?.default ?? '')
    // Only a runner can evaluate an expression such as `${{ github.token }}`.
    return overrides[name] ?? (byDefault.includes('${{') ? '' : byDefault)
  }
}

/** A reader that remembers the names it was asked for: the contract test compares them with action.yml. */
export function recording(read: Read): { readonly read: Read; readonly names: ReadonlySet<string> } {
  const names = new Set<string>()
  return {
    names,
    read: (name) => {
      names.add(name)
      return read(name)
    },
  }
}
