import { describe } from '@alt-las/failure'
import { parse, type OutcomeDocument } from '@alt-las/outcome'

/** A document whose evidence is read field by field. */
export type LooseDocument = Omit<OutcomeDocument, 'evidence'> & {
  readonly evidence: Readonly<Record<string, unknown>>
}

/** One outcome document, and what it is about. */
export interface Entry {
  /** A service; `release` for what concerns all of them. */
  readonly service: string
  readonly path: string
  readonly document: LooseDocument
}

/** A file that should have been an outcome document. */
export interface Unreadable {
  readonly path: string
  readonly because: string
}

export interface FoundFile {
  readonly path: string
  readonly text: string
}

/** Reads what was found; a file that is no outcome document is told and does not hide the others. */
export function readEntries(files: readonly FoundFile[]): {
  readonly entries: readonly Entry[]
  readonly unreadable: readonly Unreadable[]
} {
  const entries: Entry[] = []
  const unreadable: Unreadable[] = []
  for (const { path, text } of files) {
    try {
      const document = parse(text, path)
      entries.push({ service: document.subject.service, path, document })
    } catch (error) {
      unreadable.push({ path, because: describe(error) })
    }
  }
  const byTime = entries.toSorted((a, b) => a.document.startedAt.localeCompare(b.document.startedAt))
  return { entries: byTime, unreadable }
}
