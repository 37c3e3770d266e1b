import type { OutcomeDocument } from './document.ts'
import type { ActionName } from './evidence/evidence.ts'
import { parseOf } from './parse.ts'
import { readDocument } from './read-documents.ts'

/** The document of one action, by its path from `directory`. Throws a Failure (fault input) where it cannot be read or is another action's. */
export function documentAt<A extends ActionName>(
  action: A,
  path: string,
  directory: string,
): OutcomeDocument<A> {
  return parseOf(action, readDocument(path, directory), path)
}
