import { join } from 'node:path'
import type { Files } from './files.ts'
import type { Format, ScanInputs } from './inputs.ts'
import type { Place } from './place.ts'
import { planConvert } from './plan.ts'
import { runTrivy, type Trivy, type TrivyPorts } from './trivy.ts'

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
  const { inputs, place, scans } = options
  const written: Partial<Record<Format, string>> = {}
  for (const format of inputs.formats) {
    const folder = join(place.own, format)
    await ports.files.ensureDirectory(folder)
    const outputs = scans.map(({ platform }) =>
      join(folder, `${platform.replaceAll('/', '-') || 'scan'}.${endings[format]}`),
    )
    for (const [index, { json }] of scans.entries())
      await convert(format, json, outputs[index] ?? '', options, ports)
    written[format] = outputs.length === 1 ? (outputs[0] ?? '') : folder
  }
  return written
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
