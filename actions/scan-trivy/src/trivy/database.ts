import { join } from 'node:path'
import { describe, Failure } from '@alt-las/failure'
import { formatDuration } from '@alt-las/time'
import type { FileSystem, TrivyPorts } from '../ports.ts'
import { downloadArguments } from './arguments.ts'
import { runTrivy, type Trivy } from './run-trivy.ts'

/** The vulnerability database of this scan. */
export interface Database {
  /** null: the cached one was used, and no update was due. */
  readonly repository: string | null
  /** ISO 8601. */
  readonly updatedAt: string
  readonly ageMs: number
}

export interface DatabaseOptions {
  readonly repositories: readonly string[]
  readonly maxAgeMs: number
  readonly cacheDir: string
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly attempts: number
  readonly timeoutMs: number
}

const dayMs = 86_400_000

export interface DatabasePorts extends TrivyPorts {
  readonly files: Pick<FileSystem, 'read' | 'remove'>
}

interface CachedDatabase {
  /** ISO 8601. */
  readonly updatedAt: string
  readonly downloadedAt: string
}

/**
 * The first database that is recent enough. Throws Failure `database-unreachable`, or `database-old` if all
 * are too old: an old database misses findings.
 */
export async function prepareDatabase(
  trivy: Trivy,
  options: DatabaseOptions,
  ports: DatabasePorts,
): Promise<Database> {
  const before = await readDatabase(options, ports)
  if (before !== null && objection(before, options, ports) !== null) await forget(options, ports)
  const reasons: Failure[] = []
  for (const repository of options.repositories) {
    try {
      await download(trivy, repository, options, ports)
      const known = await readDatabase(options, ports)
      const why = objection(known, options, ports)
      if (known !== null && why === null) {
        const isFresh = known.downloadedAt !== before?.downloadedAt
        return { ...known, repository: isFresh ? repository : null, ageMs: ageOf(known, ports) }
      }
      reasons.push(new Failure('database-old', `${repository}: ${why ?? ''}`, { fault: 'outside' }))
      await forget(options, ports)
    } catch (error) {
      if (!(error instanceof Failure) || error.code === 'interrupted' || error.code === 'disk-full')
        throw error
      reasons.push(error)
    }
    ports.log.warn(describe(reasons.at(-1)))
  }
  throw noDatabase(reasons)
}

function noDatabase(reasons: readonly Failure[]): Failure {
  const why = reasons.map(({ message }) => message).join('; ')
  return reasons.every(({ code }) => code === 'database-old')
    ? new Failure('database-old', `every vulnerability database is too old: ${why}`, {
        fault: 'outside',
        hint: 'update the mirror in db-repository, or raise max-db-age; nothing was scanned',
      })
    : new Failure('database-unreachable', `no vulnerability database could be downloaded: ${why}`, {
        fault: 'outside',
        hint: 'check the network and db-repository, or name a mirror there; nothing was scanned',
      })
}

function objection(
  known: CachedDatabase | null,
  { maxAgeMs }: DatabaseOptions,
  ports: DatabasePorts,
): string | null {
  if (known === null) return 'its date is unknown'
  const age = ageOf(known, ports)
  // A clock may be off by some hours; a date of next year would make a database young for ever.
  if (Date.parse(known.updatedAt) > ports.clock.now() + dayMs)
    return `updated at ${known.updatedAt}, which is in the future`
  if (age <= maxAgeMs) return null
  return `updated at ${known.updatedAt}, ${formatDuration(age)} ago, expected at most ${formatDuration(maxAgeMs)}`
}

function ageOf({ updatedAt }: CachedDatabase, { clock }: DatabasePorts): number {
  return Math.max(0, clock.now() - Date.parse(updatedAt))
}

// Trivy keeps an old database as long as its next update is not due.
function forget({ cacheDir }: DatabaseOptions, { files }: DatabasePorts): Promise<void> {
  return files.remove(join(cacheDir, 'db'))
}

async function download(
  trivy: Trivy,
  repository: string,
  options: DatabaseOptions,
  ports: DatabasePorts,
): Promise<void> {
  const args = downloadArguments(repository, options.cacheDir, options.timeoutMs)
  await runTrivy(trivy, { ...options, what: `download of the database from ${repository}`, args }, ports)
}

// Trivy writes this file beside the database; reading it avoids another start of Trivy.
async function readDatabase(
  { cacheDir }: DatabaseOptions,
  { files }: DatabasePorts,
): Promise<CachedDatabase | null> {
  try {
    const metadata = JSON.parse((await files.read(join(cacheDir, 'db', 'metadata.json'))) ?? '{}') as Metadata
    const updatedAt = Date.parse(metadata.UpdatedAt ?? '')
    if (Number.isNaN(updatedAt)) return null
    return { updatedAt: new Date(updatedAt).toISOString(), downloadedAt: metadata.DownloadedAt ?? '' }
  } catch {
    return null
  }
}

interface Metadata {
  readonly UpdatedAt?: string
  readonly DownloadedAt?: string
}
