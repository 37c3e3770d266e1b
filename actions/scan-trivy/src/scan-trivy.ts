import type { Reference } from '@alt-las/registry'
import type { Timing } from '@alt-las/outcome'
import type { Environment } from '@alt-las/runner'
import { conclude } from './verdict/conclude.ts'
import { prepareDatabase, type Database } from './trivy/database.ts'
import type { Files } from './files.ts'
import { findTrivy, type Install } from './trivy/find-trivy.ts'
import { writeFormats } from './trivy/formats.ts'
import type { ScanInputs } from './inputs.ts'
import { loadBaseline, loadIgnores } from './verdict/load.ts'
import type { ScanOutcome } from './outcome.ts'
import { jsonOf, makePlace, type Place } from './trivy/directories.ts'
import type { ScanResult } from './trivy/scan-result.ts'
import { scan } from './trivy/scan.ts'
import { findTargets, type ImageSource, type Targets } from './target/find-targets.ts'
import { interrupted, type Trivy, type TrivyPorts } from './trivy/run-trivy.ts'

export interface ScanPorts extends TrivyPorts {
  readonly files: Files
  readonly openImage: (reference: Reference, inputs: ScanInputs, signal: AbortSignal) => Promise<ImageSource>
  readonly install: Install
  readonly environment: Environment
}

/** A digest to a verdict on that digest. What cannot be scanned is a Failure, never a pass. */
export async function scanTrivy(inputs: ScanInputs, ports: ScanPorts): Promise<ScanOutcome> {
  const { workspace } = ports.environment
  const timings: Timing[] = []
  const ignores = await loadIgnores(inputs, ports)
  const baseline = await loadBaseline(inputs, ports)
  const own = await ports.files.workspace()
  const targets = await bringTargets(inputs, { workspace, own }, ports)
  const place = await makePlace(own, { inputs, ignores }, ports)
  const trivy = await findTrivy(inputs.version, ports)
  const database = await timed('database', timings, ports, () => loadDatabase(trivy, place, inputs, ports))
  const results: ScanResult[] = []
  for (const [index, job] of targets.jobs.entries()) {
    const work = () => scan(trivy, { job, index, place, inputs }, ports)
    results.push(await timed(`scan ${job.platform}`.trim(), timings, ports, work))
  }
  const scans = targets.jobs.map(({ platform }, index) => ({ platform, json: jsonOf(place, index) }))
  const files = await writeFormats({ trivy, inputs, place, scans }, ports)
  const { version } = trivy
  const now = ports.clock.now()
  return conclude({ inputs, targets, results, baseline, ignores, database, files, version, timings, now })
}

async function bringTargets(
  inputs: ScanInputs,
  at: Parameters<typeof findTargets>[1],
  ports: ScanPorts,
): Promise<Targets> {
  const { files, interrupted: signal } = ports
  const openImage = (reference: Reference) => ports.openImage(reference, inputs, signal)
  return findTargets(inputs.source, at, { files, openImage }).catch((error: unknown) => {
    throw signal.aborted ? interrupted() : error
  })
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
        env: place.env,
        attempts: inputs.attempts,
        timeoutMs: inputs.timeout,
      },
      ports,
    ),
  )
}

async function timed<T>(
  name: string,
  timings: Timing[],
  { clock }: ScanPorts,
  work: () => Promise<T>,
): Promise<T> {
  const startedAtMs = clock.now()
  const result = await work()
  timings.push({ name, startedAtMs, finishedAtMs: clock.now() })
  return result
}
