// Stands in for actions/upload-artifact in the lab; ALT_LAS_ARTIFACTS is the run's own folder.
import { appendFileSync } from 'node:fs'
import { filesOf, keep } from '../artifacts.ts'

const input = (name: string): string => (process.env[`INPUT_${name.toUpperCase()}`] ?? '').trim()
const workspace = process.env['GITHUB_WORKSPACE'] ?? '.'
const store = process.env['ALT_LAS_ARTIFACTS'] ?? ''
const name = input('name') || 'artifact'

try {
  const files = filesOf(input('path'), workspace, input('include-hidden-files') === 'true')
  if (files.length === 0) {
    const text = `no files were found with the path ${input('path')}`
    if (input('if-no-files-found') === 'error') throw new Error(text)
    if (input('if-no-files-found') !== 'ignore') console.log(`::warning::${text}`)
  } else {
    const digest = keep(store, name, { files, overwrite: input('overwrite') === 'true' })
    console.log(`artifact ${name}: ${files.length} files, sha256 ${digest}`)
    const outputs = `artifact-id=${name}\nartifact-url=file://${store}/${name}\nartifact-digest=${digest}\n`
    appendFileSync(process.env['GITHUB_OUTPUT'] ?? '/dev/null', outputs)
  }
} catch (error) {
  console.log(`::error::${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
}
