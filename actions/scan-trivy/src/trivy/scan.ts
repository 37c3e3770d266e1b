import { Failure } from '@alt-las/failure'
import type { ScanInputs } from '../inputs.ts'
import type { Files } from '../files.ts'
import { jsonOf, type Place } from './directories.ts'
import { planScan } from './arguments.ts'
import { readScan, type ScanResult } from './scan-result.ts'
import type { Job } from '../target/find-targets.ts'
import { runTrivy, type Trivy, type TrivyPorts } from './run-trivy.ts'

/** One platform to scan. */
export interface ScanStep {
  readonly job: Job
  readonly index: number
  readonly place: Place
  readonly inputs: ScanInputs
}

/** Runs Trivy once and proves that it scanned what it was to scan. Throws Failure `scan-unreadable`, `wrong-subject` or a fault of Trivy. */
export async function scan(
  trivy: Trivy,
  { job, index, place, inputs }: ScanStep,
  ports: TrivyPorts & { readonly files: Files },
): Promise<ScanResult> {
  const json = jsonOf(place, index)
  const what = job.platform === '' ? 'scan' : `scan of ${job.platform}`
  const args = planScan(job.target, inputs, { ...place, json })
  const call = {
    what,
    args,
    env: place.env,
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
