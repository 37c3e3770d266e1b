import { Failure } from '@alt-las/failure'
import type { Ports } from '../ports.ts'
import type { FoundFile } from './documents.ts'

/** The files of a checkout; those of `broken` cannot be read. */
export function checkout(files: readonly FoundFile[], broken: readonly string[] = []) {
  const written = new Map<string, string>()
  return {
    written,
    find: () => Promise.resolve([...files.map(({ path }) => path), ...broken]),
    readNamed: (path: string) => {
      const found = files.find((one) => one.path === path)
      if (found !== undefined) return Promise.resolve(found.text)
      return Promise.reject(new Failure('unreadable', `cannot read ${path}`, { fault: 'input' }))
    },
    writeResult: (name: string, text: string) => {
      written.set(name, text)
      return Promise.resolve(`/results/${name}`)
    },
  } satisfies Ports['files'] & { readonly written: ReadonlyMap<string, string> }
}
