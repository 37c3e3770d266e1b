import type { Inputs } from './inputs.ts'
import { conclude, evidenceOf, subjectOf, type ScanOutcome } from './outcome.ts'
import type { Ports } from './ports.ts'
import { findTargets } from './target/find-targets.ts'
import { serviceOfLayout } from './target/service-of-layout.ts'
import type { ScanTargets } from './target/scan-target.ts'
import { prepareDatabase, type Database } from './trivy/database.ts'
import { findTrivy } from './trivy/find-trivy.ts'
import { writeFormats } from './trivy/formats.ts'
import { jsonPath, makeRunDirectory, type RunDirectory } from './trivy/run-directory.ts'
import { stopped, type Trivy } from './trivy/run-trivy.ts'
import type { ScanResult } from './trivy/scan-result.ts'
import { scan } from './trivy/scan.ts'
import { loadBaseline } from './verdict/baseline.ts'
import { loadIgnores } from './verdict/ignores.ts'

/** From a digest to a verdict on it. An image that cannot be scanned is a Failure, never a pass. */
export async function scanTrivy(inputs: Inputs, ports: Ports): Promise<ScanOutcome> {
  const { draft, clock } = ports
  const { trivyVariables } = ports
  if (trivyVariables.length > 0)
    ports.log.warn(`${trivyVariables.join(', ')}: no effect here; use the inputs of scan-trivy instead`)
  const ignores = await loadIgnores(inputs.trivyignores, ports)
  const baseline = inputs.baseline === null ? null : await loadBaseline(inputs.baseline, ports)
  const own = await ports.files.ownFolder()
  const targets = await draft.timed('target', () => prepareTargets(inputs, own, ports))
  draft.about(subjectOf(inputs.source, targets))
  const service = await findService(inputs, targets, ports)
  if (service !== null) draft.about({ service })
  const directory = await makeRunDirectory(own, { inputs, ignores }, ports)
  const trivy = await findTrivy(inputs.version, ports)
  draft.record({ trivy: trivy.version })
  const database = await draft.timed('database', () => loadDatabase(trivy, directory, inputs, ports))
  draft.record({ database })
  const results = await scanAll(trivy, { targets, directory, inputs }, ports)
  const scans = targets.targets.map(({ platform }, index) => ({ platform, json: jsonPath(directory, index) }))
  const files = await draft.timed('formats', () =>
    writeFormats({ trivy, inputs, directory, scans, service }, ports),
  )
  const { version } = trivy
  return conclude({
    ...{ inputs, targets, results, baseline, ignores, database, files, version },
    now: clock.now(),
  })
}

async function prepareTargets(inputs: Inputs, own: string, ports: Ports): Promise<ScanTargets> {
  const { files, environment, interrupted: signal } = ports
  const options = { source: inputs.source, workspace: environment.workspace, own }
  const openImage = (at: Parameters<Ports['openImage']>[0]) => ports.openImage(at, inputs, signal)
  return findTargets(options, { files, openImage }).catch((error: unknown) => {
    throw signal.aborted ? stopped(signal) : error
  })
}

/** null where the image of a layout has no name: the document is then about the whole release. */
async function findService(inputs: Inputs, targets: ScanTargets, ports: Ports): Promise<string | null> {
  const { digest, image } = targets
  if (inputs.service !== null || inputs.source.kind !== 'layout' || digest === null) return inputs.service
  const { entries } = await ports.findOutcomes()
  const service = serviceOfLayout({ digest, image }, entries)
  ports.log.line(service === null ? 'service: not known; give the input service' : `service: ${service}`)
  return service
}

async function loadDatabase(
  trivy: Trivy,
  directory: RunDirectory,
  inputs: Inputs,
  ports: Ports,
): Promise<Database | null> {
  if (!inputs.scanners.includes('vuln')) return null
  const { cacheDir, cwd, env } = directory
  const options = {
    ...{ cacheDir, cwd, env },
    repositories: inputs.dbRepository,
    maxAgeMs: inputs.maxDbAge,
    attempts: inputs.attempts,
    timeoutMs: inputs.timeout,
  }
  return ports.log.chapter('Vulnerability database', () => prepareDatabase(trivy, options, ports))
}

interface ScanPlan {
  readonly targets: ScanTargets
  readonly directory: RunDirectory
  readonly inputs: Inputs
}

async function scanAll(trivy: Trivy, plan: ScanPlan, ports: Ports): Promise<readonly ScanResult[]> {
  const { targets, directory, inputs } = plan
  const results: ScanResult[] = []
  for (const [index, target] of targets.targets.entries()) {
    const work = () => scan(trivy, { target, index, directory, inputs }, ports)
    results.push(await ports.draft.timed(`scan ${target.platform}`.trim(), work))
    // A later platform may fail: the document then still has the findings of this one.
    ports.draft.record(evidenceOf(plan, results))
  }
  return results
}
