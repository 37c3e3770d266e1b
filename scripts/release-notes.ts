// `node scripts/release-notes.ts 1.2.3`: prints the section of CHANGELOG.md, the notes of that release. Exit 1 where it is missing or empty.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The lines below `## 1.2.3` (a date may follow), to the next heading of that level. Throws where there is none. */
export function releaseNotes(changelog: string, version: string): string {
  if (!/^\d+\.\d+\.\d+$/.test(version))
    throw new Error(`version: got ${version}, expected three numbers such as 1.2.3`)
  const [, ...sections] = changelog.split(/^## /m)
  const own = sections.find((section) => section.split(/\s/, 1)[0] === version)
  const notes = own?.split('\n').slice(1).join('\n').trim() ?? ''
  if (notes === '')
    throw new Error(
      `CHANGELOG.md: got no entries below "## ${version}", expected those of this release: give "## Unreleased" the version and the date`,
    )
  return notes
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const changelog = readFileSync(join(import.meta.dirname, '../CHANGELOG.md'), 'utf8')
    console.log(releaseNotes(changelog, process.argv[2] ?? ''))
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    process.exitCode = 1
  }
}
