import { mkdir, mkdtemp, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { OutcomeDocument } from './document.ts'

/**
 * Writes a document below the runner's temporary folder, twice: to a folder of this step alone, whose path is returned, and to
 * `alt-las/outcomes/<service>/<file>.json`, where the last step of an action for a service counts. `file` is the action's name, but where one
 * action leaves several documents.
 */
export async function write(
  document: OutcomeDocument,
  { service, file = document.action }: { readonly service: string; readonly file?: string },
  temp: string,
): Promise<string> {
  const root = join(temp, 'alt-las')
  await mkdir(root, { recursive: true })
  const own = await mkdtemp(join(root, `${document.action}-`))
  const text = JSON.stringify(document, null, 2) + '\n'
  const path = join(own, 'outcome.json')
  await replace(path, text, own)
  await replace(join(root, 'outcomes', service, `${file}.json`), text, own)
  return path
}

/** A reader sees the old file or the new one, never a part of it. */
async function replace(path: string, text: string, own: string): Promise<void> {
  const whole = join(own, 'outcome.tmp')
  await writeFile(whole, text)
  await mkdir(dirname(path), { recursive: true })
  await rename(whole, path)
}
