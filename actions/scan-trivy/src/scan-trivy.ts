import { join, resolve } from 'node:path'
import { Failure } from '@alt-las/failure'
import { parseDocument } from '@alt-las/report'
import { badInputs, type Environment } from '@alt-las/runner'
import { prepareDatabase, type Database } from './database.ts'
import type { Files } from './files.ts'
import { findTrivy, type Install } from './find-trivy.ts'
import { count, merge, type Finding } from './finding.ts'
import { writeFormats } from './formats.ts'
import { decide, type Gate } from './gate.ts'
import { readIgnores, staleIgnores, type IgnoreFile } from './ignores.ts'
import type { ScanInputs } from './inputs.ts'
import type { ScanOutcome } from './outcome.ts'
import { planScan, trivyEnvironment } from './plan.ts'
import { readScan, type ScanResult } from './scan-result.ts'
import { say } from './say.ts'
import { findTargets, type Job, type Targets } from './targets.ts'
import { runTrivy, type Trivy, type TrivyPorts } from './trivy.ts'
import { upgradesFor } from './upgrades.ts'

export interface ScanPorts extends TrivyPorts {
  readonly files: Files
  readonly install: Install
  readonly environment: Environment
}

/** Where this run keeps what it writes. */
interface Place {
  readonly own: string
  readonly cacheDir: string
  readonly ignoreFile: string
  /** Empty, so that Trivy finds no configuration in its working directory. */
  readonly cwd: string
}

/** A digest to a verdict on that digest. What cannot be scanned is a Failure, never a pass. */
export async function scanTrivy(inputs: ScanInputs, ports: ScanPorts): Promise<ScanOutcome> {
  const { workspace, temp } = ports.environment
  const own = await ports.files.workspace()
  const ignores = await loadIgnores(inputs, ports)
  const baseline = await loadBaseline(inputs, ports)
  const targets = await findTargets(inputs.source, { workspace, own }, ports.files)
  const place: Place = {
    own,
    cacheDir:
      inputs.cacheDir === '' ? join(temp, 'alt-las', 'trivy-cache') : resolve(workspace, inputs.cacheDir),
    ignoreFile: join(own, ignores.name),
    cwd: join(own, 'cwd'),
  }
  await prepare(place, ignores, ports)
  const trivy = await findTrivy(inputs.version, ports)
  const database = await loadDatabase(trivy, place, inputs, ports)
  const results: ScanResult[] = []
  for (const [index, job] of targets.jobs.entries())
    results.push(await scan(trivy, { job, index, place, inputs }, ports))
  const files = await writeFormats(
    {
      trivy,
      inputs,
      own,
      cwd: place.cwd,
      env: trivyEnvironment(place.ignoreFile),
      scans: targets.jobs.map(({ platform }, index) => ({ platform, json: jsonOf(place, index) })),
    },
    ports,
  )
  return conclude({
    inputs,
    targets,
    results,
    baseline,
    ignores,
    database,
    files,
    trivy,
    now: ports.clock.now(),
  })
}

async function prepare(place: Place, ignores: IgnoreFile, { files }: ScanPorts): Promise<void> {
  await files.ensureDirectory(place.cwd)
  await files.ensureDirectory(place.cacheDir)
  await files.write(place.ignoreFile, ignores.text)
}

async function loadIgnores(
  { trivyignores }: ScanInputs,
  { files, environment }: ScanPorts,
): Promise<IgnoreFile> {
  const read = await Promise.all(
    trivyignores.map(async (path) => ({
      path,
      text: await files.read(resolve(environment.workspace, path)),
    })),
  )
  const missing = read.filter(({ text }) => text === null)
  if (missing.length > 0) throw badInputs(missing.map(({ path }) => `trivyignores: ${path} is not there`))
  return readIgnores(read.map(({ path, text }) => ({ path, text: text ?? '' })))
}

async function loadBaseline(
  { baseline }: ScanInputs,
  { files, environment }: ScanPorts,
): Promise<Gate['baseline']> {
  if (baseline === '') return null
  const text = await files.read(resolve(environment.workspace, baseline))
  if (text === null) throw badInputs([`baseline: ${baseline} is not there`])
  const document = parseDocument(text, baseline)
  const { findings } = document.evidence as { readonly findings?: readonly Finding[] }
  if (document.action !== 'scan-trivy' || document.outcome === 'failed' || !Array.isArray(findings))
    throw badInputs([
      `baseline: ${baseline} is of ${document.action} ${document.outcome}, expected a scan-trivy that passed or refused`,
    ])
  return findings
}

async function loadDatabase(
  trivy: Trivy,
  place: Place,
  inputs: ScanInputs,
  ports: ScanPorts,
): Promise<Database | null> {
  if (!inputs.scanners.includes('vuln')) return null
  return ports.log.chapter('Vulnerability database', () =>
    prepareDatabase(
      trivy,
      {
        repositories: inputs.dbRepository,
        maxAgeMs: inputs.maxDbAge,
        cacheDir: place.cacheDir,
        cwd: place.cwd,
        env: trivyEnvironment(place.ignoreFile),
        attempts: inputs.attempts,
        timeoutMs: inputs.timeout,
      },
      ports,
    ),
  )
}

interface ScanStep {
  readonly job: Job
  readonly index: number
  readonly place: Place
  readonly inputs: ScanInputs
}

async function scan(
  trivy: Trivy,
  { job, index, place, inputs }: ScanStep,
  ports: ScanPorts,
): Promise<ScanResult> {
  const json = jsonOf(place, index)
  const what = job.platform === '' ? 'scan' : `scan of ${job.platform}`
  const args = planScan(job.target, inputs, { ...place, json })
  const call = {
    what,
    args,
    env: trivyEnvironment(place.ignoreFile),
    cwd: place.cwd,
    timeoutMs: inputs.timeout,
    attempts: inputs.attempts,
  }
  await ports.log.chapter(what, () => runTrivy(trivy, call, ports))
  const result = readScan((await ports.files.read(json)) ?? '', job.platform)
  if (job.imageId !== null && result.imageId !== job.imageId)
    throw new Failure(
      'wrong-subject',
      `${what}: trivy reports on the image ${result.imageId || 'without a name'}, expected ${job.imageId}`,
      {
        fault: 'outside',
        hint: 'scan again; the layout may have been changed meanwhile',
      },
    )
  return result
}

function jsonOf({ own }: Place, index: number): string {
  return join(own, `scan-${String(index)}.json`)
}

interface Facts {
  readonly inputs: ScanInputs
  readonly targets: Targets
  readonly results: readonly ScanResult[]
  readonly baseline: Gate['baseline']
  readonly ignores: IgnoreFile
  readonly database: Database | null
  readonly files: ScanOutcome['files']
  readonly trivy: Trivy
  /** ms since 1970 */
  readonly now: number
}

function conclude({
  inputs,
  targets,
  results,
  baseline,
  ignores,
  database,
  files,
  trivy,
  now,
}: Facts): ScanOutcome {
  const findings = merge(results.flatMap((result) => result.findings))
  const verdict = decide(findings, { failSeverity: inputs.failSeverity, baseline })
  const counts = count(findings)
  const suppressed = results.flatMap((result) => result.suppressed)
  const ignored = staleIgnores(ignores.entries, suppressed, now)
  const scanned = targets.jobs.map(({ platform }, index) => {
    const { os = '', osEnded = false, packages = 0, suppressed: taken = [] } = results[index] ?? {}
    return { platform, os, osEnded, packages, suppressed: taken.length }
  })
  const upgrades = upgradesFor(findings)
  const digest = targets.digest ?? digestOf(results)
  const image = inputs.source.kind === 'image' ? { image: targets.name } : {}
  return {
    kind: verdict.kind,
    because: say(verdict, counts, inputs.failSeverity),
    subject: { ...image, ...(digest === null ? { target: targets.name } : { digest }) },
    evidence: {
      counts,
      scanned,
      database,
      trivy: trivy.version,
      refusing: verdict.refusing.map(({ id, pkg }) => ({ id, pkg })),
      cleared: verdict.cleared,
      upgrades,
      ignored,
      findings,
    },
    name: targets.name,
    scanned,
    counts,
    findings,
    refusing: verdict.refusing,
    fresh: verdict.fresh,
    cleared: verdict.cleared,
    upgrades,
    ignored,
    database,
    files,
    reportSeverity: inputs.reportSeverity,
  }
}

/** For a reference by tag: what the registry had under it. */
function digestOf(results: readonly ScanResult[]): string | null {
  return /@(sha256:[0-9a-f]{64})$/.exec(results[0]?.repoDigests[0] ?? '')?.[1] ?? null
}
