// Stands in for github/codeql-action/upload-sarif in the lab. ALT_LAS_ARTIFACTS is the run's own folder; findings go to `code-scanning` beside it.
import { appendFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { keepSarif } from '../sarif.ts'

const input = (name: string): string => (process.env[`INPUT_${name.toUpperCase()}`] ?? '').trim()

try {
  const from = resolve(process.env['GITHUB_WORKSPACE'] ?? '.', input('sarif_file'))
  const store = join(dirname(process.env['ALT_LAS_ARTIFACTS'] ?? ''), 'code-scanning')
  const kept = keepSarif(from, store, input('category'))
  console.log(`code scanning: ${kept.join(', ')}`)
  appendFileSync(process.env['GITHUB_OUTPUT'] ?? '/dev/null', `sarif-id=${kept.join('+')}\n`)
} catch (error) {
  console.log(`::error::${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
}
