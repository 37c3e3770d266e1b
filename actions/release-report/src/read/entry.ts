import { describe } from '@alt-las/failure'
import {
  type ActionName,
  type Entry as Found,
  type OutcomeDocument,
  type Unreadable,
  byTime,
  maxDocumentBytes,
  parse,
} from '@alt-las/outcome'
import type { RunFiles } from '@alt-las/runner'

/** One outcome document and its service. */
export interface Entry<A extends ActionName = ActionName> {
  /** A service; `release` for documents about all of them. */
  readonly service: string
  readonly path: string
  readonly document: OutcomeDocument<A>
}

export type { Unreadable } from '@alt-las/outcome'

/** Reads the files, the earliest first. One that is no valid document is listed and hides no other. */
export async function readEntries(
  paths: readonly string[],
  files: Pick<RunFiles, 'readNamed'>,
): Promise<{ readonly entries: readonly Entry[]; readonly unreadable: readonly Unreadable[] }> {
  const found: Found[] = []
  const unreadable: Unreadable[] = []
  for (const path of paths) {
    try {
      found.push({ path, document: parse(await files.readNamed(path, maxDocumentBytes), path) })
    } catch (error) {
      unreadable.push({ path, because: describe(error) })
    }
  }
  const entries = byTime(found).map((one) => ({ ...one, service: one.document.subject.service }))
  return { entries, unreadable }
}

/** The documents of one action. */
export function entriesOf<A extends ActionName>(action: A, entries: readonly Entry[]): readonly Entry<A>[] {
  return entries.filter((entry): entry is Entry<A> => entry.document.action === action)
}
