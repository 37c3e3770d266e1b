import { describe } from '@alt-las/failure'
import { parseDocument, type OutcomeDocument } from '@alt-las/outcome'

/** One outcome document, and what it is about. */
export interface Entry {
  /** A service; `release` for what concerns all of them. */
  readonly service: string
  readonly path: string
  readonly document: OutcomeDocument
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
      const document = parseDocument(text, path)
      entries.push({ service: serviceOf(path, document), path, document })
    } catch (error) {
      unreadable.push({ path, because: describe(error) })
    }
  }
  const byTime = entries.toSorted((a, b) => a.document.startedAt.localeCompare(b.document.startedAt))
  return { entries: byTime, unreadable }
}

/** The folder `outcome-<service>-<action>` names it; else the image or the target that the document is about. */
function serviceOf(path: string, { action, subject }: OutcomeDocument): string {
  const folder = path.split(/[\\/]/).at(-2) ?? ''
  const suffix = `-${action}`
  if (
    folder.startsWith('outcome-') &&
    folder.endsWith(suffix) &&
    folder.length > 'outcome-'.length + suffix.length
  )
    return folder.slice('outcome-'.length, -suffix.length)
  const image = subject?.image?.split('@')[0]?.split('/').at(-1)
  return image ?? subject?.target?.split('/').at(-1) ?? 'release'
}
