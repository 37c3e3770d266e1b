import { describe } from '@alt-las/failure'
import {
  type ActionName,
  type Entry as Found,
  type OutcomeDocument,
  type Unreadable,
  byTime,
  parse,
} from '@alt-las/outcome'

/** One outcome document and its service. */
export interface Entry<A extends ActionName = ActionName> {
  /** A service; `release` for documents about all of them. */
  readonly service: string
  readonly path: string
  readonly document: OutcomeDocument<A>
}

export type { Unreadable } from '@alt-las/outcome'

export interface FoundFile {
  readonly path: string
  readonly text: string
}

/** Reads all documents, the earliest first. An invalid file is listed, and the others are still read. */
export function readEntries(files: readonly FoundFile[]): {
  readonly entries: readonly Entry[]
  readonly unreadable: readonly Unreadable[]
} {
  const found: Found[] = []
  const unreadable: Unreadable[] = []
  for (const { path, text } of files) {
    try {
      found.push({ path, document: parse(text, path) })
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
