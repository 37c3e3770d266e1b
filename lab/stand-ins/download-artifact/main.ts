// Stands in for actions/download-artifact in the lab; ALT_LAS_ARTIFACTS is the run's own folder, and other runs have theirs beside it.
import { appendFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { bring, storeOf } from '../artifacts.ts'

const input = (name: string): string => (process.env[`INPUT_${name.toUpperCase()}`] ?? '').trim()
const target = resolve(process.env['GITHUB_WORKSPACE'] ?? '.', input('path'))

try {
  const wanted = { name: input('name'), pattern: input('pattern'), merge: input('merge-multiple') === 'true' }
  const brought = bring(storeOf(process.env['ALT_LAS_ARTIFACTS'] ?? '', input('run-id')), target, wanted)
  console.log(`artifacts: ${brought.join(', ') || 'none'}`)
  appendFileSync(process.env['GITHUB_OUTPUT'] ?? '/dev/null', `download-path=${target}\n`)
} catch (error) {
  console.log(`::error::${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
}
