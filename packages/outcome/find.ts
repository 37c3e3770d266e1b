import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { asFailure, readBounded } from '@alt-las/failure'
import type { OutcomeDocument } from './document.ts'
import { maxDocumentBytes, parse } from './parse.ts'

export interface Entry {
  /** From the folder that was searched. */
  readonly path: string
  readonly document: OutcomeDocument
}

/** A file that should have been a document. */
export interface Unreadable {
  readonly path: string
  readonly because: string
}

export interface Found {
  /** The earliest first. */
  readonly entries: readonly Entry[]
  readonly unreadable: readonly Unreadable[]
}

/** More files than any release has; the rest is reported as unreadable. */
const mostFiles = 2000

/** Every document below a folder, with its service; none without the folder. A bad file does not hide the others. */
export async function find(directory: string): Promise<Found> {
  const paths = await documentsIn(directory)
  const read = await Promise.all(paths.slice(0, mostFiles).map((path) => readOne(directory, path)))
  const over = paths.length - mostFiles
  return {
    entries: byTime(read.flatMap((one) => ('document' in one ? [one] : []))),
    unreadable: [
      ...read.flatMap((one) => ('because' in one ? [one] : [])),
      ...(over > 0 ? [{ path: directory, because: `contains ${over} more files than ${mostFiles}` }] : []),
    ],
  }
}

/** Documents in the order in which their steps began. */
export function byTime(entries: readonly Entry[]): readonly Entry[] {
  return entries.toSorted((a, b) => Date.parse(a.document.startedAt) - Date.parse(b.document.startedAt))
}

async function documentsIn(directory: string): Promise<readonly string[]> {
  const all = await readdir(directory, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  })
  // A link could lead out of the downloaded folder.
  return all
    .filter((one) => one.isFile() && one.name.endsWith('.json'))
    .map((one) =>
      join(one.parentPath, one.name)
        .slice(directory.length)
        .replace(/^[/\\]+/, ''),
    )
    .sort()
}

async function readOne(directory: string, path: string): Promise<Entry | Unreadable> {
  try {
    const text = (await readBounded(join(directory, path), maxDocumentBytes)).toString('utf8')
    return { path, document: parse(text, path) }
  } catch (error) {
    return { path, because: asFailure(error).message }
  }
}
