import { resolve } from 'node:path'
import { Failure, readBoundedSync } from '@alt-las/failure'

const mostBytes = 1024 * 1024

/** The text of a file that an input names, by its path from `directory`, while inputs are read. Throws Failure `unreadable` (fault input). */
export function textAt(path: string, directory: string): string {
  try {
    return readBoundedSync(resolve(directory, path), mostBytes).toString('utf8')
  } catch (error) {
    throw new Failure('unreadable', `cannot read ${path}`, {
      fault: 'input',
      cause: error,
      hint: 'check the path, and that the repository is checked out',
    })
  }
}
