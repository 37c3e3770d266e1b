import { join } from 'node:path'
import { Failure } from '@alt-las/failure'
import type { Format, Inputs } from '../inputs.ts'
import type { FileSystem, TrivyPorts } from '../ports.ts'
import { severities } from '../verdict/severity.ts'
import { convertArguments } from './arguments.ts'
import type { RunDirectory } from './run-directory.ts'
import { runTrivy, type Trivy } from './run-trivy.ts'

export interface FormatsOptions {
  readonly trivy: Trivy
  readonly inputs: Inputs
  readonly directory: RunDirectory
  /** null where it is not known. */
  readonly service: string | null
  readonly scans: readonly { readonly platform: string; readonly json: string }[]
}

const endings: Readonly<Record<Format, string>> = {
  sarif: 'sarif',
  json: 'json',
  cyclonedx: 'cdx.json',
  'spdx-json': 'spdx.json',
  table: 'txt',
}

/** Writes every wanted format of the one scan: a file for one platform, a directory for several. */
export async function writeFormats(
  options: FormatsOptions,
  ports: TrivyPorts & { readonly files: FileSystem },
): Promise<Readonly<Partial<Record<Format, string>>>> {
  const { inputs, scans } = options
  const showsAll = severities.every((one) => inputs.reportSeverity.includes(one))
  const written: Partial<Record<Format, string>> = {}
  for (const format of inputs.formats) {
    const [only, ...others] = scans
    // With every severity shown, Trivy's JSON is the scan itself.
    if (format === 'json' && showsAll && only !== undefined && others.length === 0) written.json = only.json
    else written[format] = await writeFormat(format, options, ports)
  }
  return written
}

async function writeFormat(
  format: Format,
  options: FormatsOptions,
  ports: TrivyPorts & { readonly files: FileSystem },
): Promise<string> {
  const { directory, scans } = options
  const folder = join(directory.own, format)
  await ports.files.ensureDirectory(folder)
  const outputs = scans.map(({ platform, json }) => ({
    platform,
    json,
    path: join(folder, `${platform.replaceAll('/', '-') || 'scan'}.${endings[format]}`),
  }))
  for (const { json, path } of outputs) await convert(format, json, path, options, ports)
  if (format === 'sarif' && outputs.length > 1)
    for (const { platform, path } of outputs) await nameRuns(path, categoryOf(platform, options), ports.files)
  const [only, ...others] = outputs
  return only !== undefined && others.length === 0 ? only.path : folder
}

function categoryOf(platform: string, { service }: FormatsOptions): string {
  return ['scan-trivy', ...(service === null ? [] : [service]), platform, ''].join('/')
}

/** Code scanning refuses several runs of one category: each platform's runs get a category of their own. */
async function nameRuns(path: string, category: string, files: FileSystem): Promise<void> {
  const text = (await files.read(path)) ?? ''
  let document: { readonly runs?: unknown } | null
  try {
    document = JSON.parse(text) as typeof document
  } catch (error) {
    throw unreadable(path, error)
  }
  if (!Array.isArray(document?.runs)) throw unreadable(path, 'it has no runs')
  const runs = document.runs.map((run: object) => ({ ...run, automationDetails: { id: category } }))
  await files.write(path, JSON.stringify({ ...document, runs }, null, 2))
}

function unreadable(path: string, cause: unknown): Failure<'scan-unreadable'> {
  return new Failure('scan-unreadable', `trivy wrote an unusable SARIF file ${path}`, {
    fault: 'outside',
    cause,
  })
}

async function convert(
  format: Format,
  json: string,
  output: string,
  options: FormatsOptions,
  ports: TrivyPorts,
): Promise<void> {
  const { trivy, inputs, directory } = options
  const args = convertArguments(format, json, output, inputs)
  await runTrivy(
    trivy,
    {
      what: `conversion to ${format}`,
      args,
      env: directory.env,
      cwd: directory.cwd,
      timeoutMs: 120_000,
      attempts: 1,
    },
    ports,
  )
}
