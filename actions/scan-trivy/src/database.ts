import { describe, Failure } from '@alt-las/failure'
import { formatDuration } from '@alt-las/time'
import { planDownload, planVersion } from './plan.ts'
import { runTrivy, type Trivy, type TrivyPorts } from './trivy.ts'

/** The vulnerability database of this scan. */
export interface Database {
  /** Where it came from; null where the cache held one that needs no update. */
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

interface Known {
  readonly updatedAt: string
  readonly downloadedAt: string
}

/**
 * The first repository that answers, and a database young enough. Throws Failure `database-unreachable`, `database-unknown` or
 * `database-old`: an old database finds less, and that is not a pass.
 */
export async function prepareDatabase(
  trivy: Trivy,
  options: DatabaseOptions,
  ports: TrivyPorts,
): Promise<Database> {
  const before = await readDatabase(trivy, options, ports)
  const repository = await download(trivy, options, ports)
  const after = await readDatabase(trivy, options, ports)
  const updatedAt = Date.parse(after?.updatedAt ?? '')
  if (after === null || Number.isNaN(updatedAt))
    throw new Failure('database-unknown', 'the age of the vulnerability database cannot be told', {
      fault: 'outside',
      hint: 'empty cache-dir and run again',
    })
  const ageMs = Math.max(0, ports.clock.now() - updatedAt)
  if (ageMs > options.maxAgeMs)
    throw new Failure(
      'database-old',
      `the vulnerability database is of ${after.updatedAt}, ${formatDuration(ageMs)} old, expected at most ${formatDuration(options.maxAgeMs)}`,
      { fault: 'outside', hint: 'update the mirror in db-repository, or raise max-db-age knowingly' },
    )
  const isFresh = before?.downloadedAt !== after.downloadedAt
  return { repository: isFresh ? repository : null, updatedAt: new Date(updatedAt).toISOString(), ageMs }
}

async function download(trivy: Trivy, options: DatabaseOptions, ports: TrivyPorts): Promise<string> {
  const reasons: string[] = []
  for (const repository of options.repositories) {
    try {
      await runTrivy(
        trivy,
        {
          ...options,
          what: `download of the database from ${repository}`,
          args: planDownload(repository, options.cacheDir, options.timeoutMs),
        },
        ports,
      )
      return repository
    } catch (error) {
      if (!(error instanceof Failure) || error.code === 'interrupted' || error.code === 'disk-full')
        throw error
      reasons.push(error.message)
      ports.log.warn(describe(error))
    }
  }
  throw new Failure('database-unreachable', `no vulnerability database to be had: ${reasons.join('; ')}`, {
    fault: 'outside',
    hint: 'check the network and db-repository, or name a mirror there; nothing was scanned',
  })
}

async function readDatabase(
  trivy: Trivy,
  options: DatabaseOptions,
  ports: TrivyPorts,
): Promise<Known | null> {
  const { stdout } = await runTrivy(
    trivy,
    { ...options, what: 'question for the version', args: planVersion(options.cacheDir) },
    ports,
  )
  try {
    const { VulnerabilityDB: database } = JSON.parse(stdout) as {
      readonly VulnerabilityDB?: { readonly UpdatedAt?: string; readonly DownloadedAt?: string }
    }
    return database?.UpdatedAt === undefined
      ? null
      : { updatedAt: database.UpdatedAt, downloadedAt: database.DownloadedAt ?? '' }
  } catch {
    return null
  }
}
