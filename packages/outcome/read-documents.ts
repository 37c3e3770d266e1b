import { globSync } from 'node:fs'
import { resolve } from 'node:path'
import { Failure, readBoundedSync } from '@alt-las/failure'
import { maxDocumentBytes } from './parse.ts'

/** More files than any release has. */
const mostFiles = 2000

/** Text of a file that an input names. Throws Failure `no-outcome-document` (fault input) where it cannot be read. */
export function readDocument(path: string, directory: string): string {
  try {
    return readBoundedSync(resolve(directory, path), maxDocumentBytes).toString('utf8')
  } catch (error) {
    throw absent(`cannot read ${path}`, error)
  }
}

/** Paths that a pattern finds, in order; a path without `*` or the like is itself. Throws Failure `no-outcome-document` for none. */
export function documentsAt(pattern: string, directory: string): readonly string[] {
  if (!/[*?[\]{}]/.test(pattern)) return [pattern]
  const paths = globSync(pattern, { cwd: directory }).sort()
  if (paths.length > mostFiles)
    throw absent(`${pattern} matches ${paths.length} files, expected at most ${mostFiles}`)
  if (paths.length === 0) throw absent(`${pattern} matches no file`)
  return paths
}

function absent(what: string, cause?: unknown): Failure<'no-outcome-document'> {
  return new Failure('no-outcome-document', what, {
    fault: 'input',
    cause,
    hint: 'give the path of an outcome document; use download-artifact for documents of earlier jobs',
  })
}
