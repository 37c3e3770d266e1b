import { Failure } from '@alt-las/failure'
import type { Inputs } from '../inputs.ts'
import type { FileSystem, Ports, TrivyPorts } from '../ports.ts'
import type { ScanTarget } from '../target/scan-target.ts'
import { scanArguments } from './arguments.ts'
import { jsonPath, type RunDirectory } from './run-directory.ts'
import { withLayerCache, type CacheBackend } from './layer-cache.ts'
import { withContents, type Uncovered } from './coverage.ts'
import { runTrivy, type Trivy } from './run-trivy.ts'
import { readScan, type ScanResult } from './scan-result.ts'

/** One platform to scan. */
export interface ScanStep {
  readonly target: ScanTarget
  readonly index: number
  readonly directory: RunDirectory
  readonly inputs: Inputs
}

export interface ScanPorts extends TrivyPorts {
  readonly files: Pick<FileSystem, 'read'>
  readonly lock: Ports['lock']
  readonly readContents: Ports['readContents']
}

/** Runs Trivy once and proves that it scanned the expected image. Throws Failure `scan-unreadable`, `wrong-subject` or a fault of Trivy. */
export async function scan(
  trivy: Trivy,
  { target, index, directory, inputs }: ScanStep,
  ports: ScanPorts,
): Promise<ScanResult> {
  const json = jsonPath(directory, index)
  const what = target.platform === '' ? 'scan' : `scan of ${target.platform}`
  const call = (backend: CacheBackend) => ({
    what,
    args: scanArguments(target.subject, inputs, { ...directory, json, backend }),
    env: directory.env,
    cwd: directory.cwd,
    timeoutMs: inputs.timeout,
    attempts: inputs.attempts,
  })
  const run = (backend: CacheBackend) => ports.log.chapter(what, () => runTrivy(trivy, call(backend), ports))
  await withLayerCache(directory.cacheDir, run, ports)
  const result = readScan((await ports.files.read(json)) ?? '', target.platform)
  if (target.imageId !== null && result.imageId !== target.imageId)
    throw new Failure(
      'wrong-subject',
      `${what}: trivy reports on the image ${result.imageId || 'without a name'}, expected ${target.imageId}`,
      { fault: 'outside', hint: 'scan again; the layout may have changed during the scan' },
    )
  return { ...result, uncovered: await uncovered(result, { target, inputs }, ports) }
}

async function uncovered(
  result: ScanResult,
  { target, inputs }: Pick<ScanStep, 'target' | 'inputs'>,
  { readContents, interrupted }: ScanPorts,
): Promise<readonly Uncovered[]> {
  if (!inputs.scanners.includes('vuln')) return []
  const contents = target.layers.length === 0 ? null : await readContents(target.layers, interrupted)
  const kinds = inputs.vulnType.map((type) => (type === 'os' ? ('distribution' as const) : 'ecosystem'))
  return withContents(result, contents).filter(({ kind }) => kinds.includes(kind))
}
