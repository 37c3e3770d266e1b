import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What a hostile Trivy does. */
export interface TrivyScene {
  /** The report of a scan, whatever it is asked about. */
  readonly json: string
  readonly stderr?: string
  /** It kills itself instead of ending. */
  readonly isKilled?: boolean
  /** Time that the database claims, ISO 8601; default: now. */
  readonly databaseOf?: string
}

/** A folder with a program `trivy` of the pinned version. */
export function fakeTrivy(version: string, scene: TrivyScene): string {
  const folder = mkdtempSync(join(tmpdir(), 'trivy-'))
  writeFileSync(join(folder, 'scene.json'), JSON.stringify(scene))
  writeFileSync(join(folder, 'trivy'), program(version), { mode: 0o755 })
  return folder
}

const program = (version: string) => `#!${process.execPath}
const { mkdirSync, readFileSync, writeFileSync } = require('node:fs')
const { join } = require('node:path')
const scene = JSON.parse(readFileSync(join(__dirname, 'scene.json'), 'utf8'))
const args = process.argv.slice(2)
const valueOf = (name) => args[args.indexOf(name) + 1]
if (args[0] === 'version') console.log(JSON.stringify({ Version: '${version}' }))
else if (args.includes('--download-db-only')) {
  const now = new Date().toISOString()
  mkdirSync(join(valueOf('--cache-dir'), 'db'), { recursive: true })
  const database = { Version: 2, UpdatedAt: scene.databaseOf ?? now, DownloadedAt: now }
  writeFileSync(join(valueOf('--cache-dir'), 'db/metadata.json'), JSON.stringify(database))
} else {
  if (args[0] !== 'convert') process.stderr.write(scene.stderr ?? '')
  writeFileSync(valueOf('--output'), scene.json)
  if (scene.isKilled) process.kill(process.pid, 'SIGKILL')
}
`
