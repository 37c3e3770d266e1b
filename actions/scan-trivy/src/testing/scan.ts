import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { runFiles, startDraft } from '@alt-las/runner'
import type { Finished } from '@alt-las/process'
import { images, readLayout } from '@alt-las/registry'
import {
  fakeClock,
  fakeProcess,
  readerFor,
  silentLog,
  writeLayout,
  type LayoutSpec,
  type Script,
} from '@alt-las/testing'
import type { ImageContents } from '../target/image-contents.ts'
import { parse } from '../inputs.ts'
import type { ImageSource, Ports } from '../ports.ts'
import type { ScanEvidence } from '../outcome.ts'
import { sarifReport, trivyReport } from './report.ts'

export interface Scene {
  readonly inputs?: Readonly<Record<string, string>>
  readonly layout?: LayoutSpec
  /** Result of a download from this repository; by default a database of one hour ago. */
  readonly download?: (repository: string) => Partial<Finished> & { readonly updatedAt?: string }
  /** Content of the cache before the run. */
  readonly cached?: Database
  /** The report for one image; by default one with findings of every kind. */
  readonly report?: (imageId: string) => string
  readonly scan?: (run: Parameters<Script>[0]) => Partial<Finished> | null
  readonly trivyVariables?: readonly string[]
  /** Facts from the image's own files. */
  readonly contents?: ImageContents
  readonly installed?: string | null
  readonly image?: ImageSource
  readonly install?: Ports['install']
  /** Files of the checkout. */
  readonly checkout?: Readonly<Record<string, string>>
}

interface Database {
  readonly UpdatedAt: string
  readonly DownloadedAt: string
}

export const hourAgo = '2025-12-31T23:00:00Z'

/** A layout on disk and a fake Trivy; its calls are in `process.runs`. */
export async function scene(setting: Scene = {}) {
  const root = await mkdtemp(join(tmpdir(), 'scan trivy '))
  const workspace = join(root, 'work')
  await mkdir(workspace, { recursive: true })
  for (const [name, text] of Object.entries(setting.checkout ?? {})) {
    await mkdir(dirname(join(workspace, name)), { recursive: true })
    await writeFile(join(workspace, name), text)
  }
  const { path, digest } = await writeLayout(setting.layout)
  const configs = images(await readLayout(path)).map(({ config }) => config.digest)
  const cache = join(root, 'temp', 'alt-las', 'trivy-cache', 'db')
  const metadata = join(cache, 'metadata.json')
  const write = async (database: Database) => {
    await mkdir(cache, { recursive: true })
    await writeFile(metadata, JSON.stringify(database))
  }
  if (setting.cached !== undefined) await write(setting.cached)
  let scans = 0
  const process = fakeProcess(async (run) => {
    const after = (flag: string) => run.args[run.args.indexOf(flag) + 1] ?? ''
    if (run.args[0] === 'version')
      return { stdout: JSON.stringify({ Version: setting.installed ?? '0.74.0' }) }
    if (run.args.includes('--download-db-only')) {
      const answer = setting.download?.(after('--db-repository')) ?? {}
      // Trivy keeps the database that it has where no update is due.
      if ((answer.code ?? 0) === 0 && !existsSync(metadata))
        await write({ UpdatedAt: answer.updatedAt ?? hourAgo, DownloadedAt: '2026-01-01T00:00:00Z' })
      return answer
    }
    if (run.args[0] === 'convert') {
      const isSarif = after('--format') === 'sarif'
      await writeFile(after('--output'), isSarif ? sarifReport : 'converted')
      return {}
    }
    const answer = setting.scan?.(run) ?? null
    if (answer !== null) return answer
    await writeFile(after('--output'), (setting.report ?? trivyReport)(configs[scans++] ?? ''))
    return {}
  })
  const interruption = new AbortController()
  const inputs = parse(
    readerFor(new URL('../../action.yml', import.meta.url), {
      input: path,
      'db-repository': 'one/db:2\ntwo/db:2',
      ...setting.inputs,
    }),
  )
  const clock = fakeClock()
  const { draft, known } = startDraft<ScanEvidence>(clock.now)
  const ports = {
    process,
    clock,
    log: silentLog(),
    files: runFiles('scan-trivy', { temp: join(root, 'temp'), workspace }),
    install: setting.install ?? (() => Promise.reject(new Error('github.com cannot be reached'))),
    lock: () => () => undefined,
    readContents: () => Promise.resolve(setting.contents ?? nothing),
    findOutcomes: () => Promise.resolve({ entries: [], unreadable: [] }),
    openImage: () => Promise.resolve(setting.image ?? noImage),
    environment: { workspace, temp: join(root, 'temp') },
    interrupted: interruption.signal,
    draft,
    trivyVariables: setting.trivyVariables ?? [],
  } satisfies Ports
  return { inputs, ports, digest, root, interruption, process, log: ports.log, known }
}

const nothing: ImageContents = { kind: 'read', distribution: null, ecosystems: [] }

const noImage: ImageSource = {
  name: 'ghcr.io/a/b',
  resolve: () => Promise.resolve(null),
  getManifest: () => Promise.resolve(null),
  readBlob: () => Promise.reject(new Error('no blob')),
}
