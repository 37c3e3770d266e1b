import { join } from 'node:path'
import type { Files } from '../files.ts'
import type { Format, ScanInputs } from '../inputs.ts'
import type { Place } from './directories.ts'
import { planConvert } from './arguments.ts'
import { severities } from '../verdict/severity.ts'
import { runTrivy, type Trivy, type TrivyPorts } from './run-trivy.ts'

export interface FormatsOptions {
  readonly trivy: Trivy
  readonly inputs: ScanInputs
  readonly place: Place
  readonly scans: readonly { readonly platform: string; readonly json: string }[]
}

const endings: Readonly<Record<Format, string>> = {
  sarif: 'sarif',
  json: 'json',
  cyclonedx: 'cdx.json',
  'spdx-json': 'spdx.json',
  table: 'txt',
}

/** Every wanted form, made of the one scan: a file for one platform, a directory for several. */
export async function writeFormats(
  options: FormatsOptions,
  ports: TrivyPorts & { readonly files: Files },
): Promise<Readonly<Partial<Record<Format, string>>>> {
  const { inputs, scans } = options
  const showsAll = severities.every((one) => inputs.reportSeverity.includes(one))
  const written: Partial<Record<Format, string>> = {}
  for (const format of inputs.formats) {
    const [only, ...others] = scans
    // What shows everything is the scan itself.
    if (format === 'json' && showsAll && only !== undefined && others.length === 0) written.json = only.json
    else written[format] = await writeFormat(format, options, ports)
  }
  return written
}

async function writeFormat(
  format: Format,
  options: FormatsOptions,
  ports: TrivyPorts & { readonly files: Files },
): Promise<string> {
  const { place, scans } = options
  const folder = join(place.own, format)
  await ports.files.ensureDirectory(folder)
  const outputs = scans.map(({ platform, json }) => ({
    json,
    path: join(folder, `${platform.replaceAll('/', '-') || 'scan'}.${endings[format]}`),
  }))
  for (const { json, path } of outputs) await convert(format, json, path, options, ports)
  const [only, ...others] = outputs
  return only !== undefined && others.length === 0 ? only.path : folder
}

async function convert(
  format: Format,
  json: string,
  output: string,
  options: FormatsOptions,
  ports: TrivyPorts,
): Promise<void> {
  const { trivy, inputs, place } = options
  const args = planConvert(format, json, output, inputs)
  await runTrivy(
    trivy,
    {
      what: `conversion to ${format}`,
      args,
      env: place.env,
      cwd: place.cwd,
      timeoutMs: 120_000,
      attempts: 1,
    },
    ports,
  )
}
