import { parseReference } from '@alt-las/registry'
import {
  badInputs,
  boolean,
  choice,
  choices,
  collect,
  duration,
  integer,
  list,
  mapped,
  optional,
  required,
  serviceName,
  text,
  type Parser,
  type Read,
} from '@alt-las/runner'
import { severities, type Severity } from './verdict/severity.ts'

export const scanners = ['vuln', 'secret', 'misconfig'] as const
export const formats = ['sarif', 'json', 'cyclonedx', 'spdx-json', 'table'] as const

export type Scanner = (typeof scanners)[number]
export type Format = (typeof formats)[number]

/** What is scanned: exactly one of the four. */
export type Source =
  | { readonly kind: 'layout'; readonly path: string }
  | { readonly kind: 'image'; readonly reference: string }
  | { readonly kind: 'directory'; readonly path: string }
  | { readonly kind: 'sbom'; readonly path: string }

export interface ScanInputs {
  /** Whose step this is; null = by the names of the other inputs. */
  readonly service: string | null
  readonly source: Source
  readonly scanners: readonly Scanner[]
  readonly vulnType: readonly ('os' | 'library')[]
  readonly reportSeverity: readonly Severity[]
  readonly failSeverity: readonly Severity[]
  readonly ignoreUnfixed: boolean
  /** Paths of ignore files. */
  readonly trivyignores: readonly string[]
  readonly skipDirs: readonly string[]
  readonly skipFiles: readonly string[]
  /** Path of the last release's outcome document, '' for none. */
  readonly baseline: string
  readonly formats: readonly Format[]
  /** Tried in order. */
  readonly dbRepository: readonly string[]
  /** ms */
  readonly maxDbAge: number
  /** `0.74.0` */
  readonly version: string
  /** '' for one beneath the runner's temporary directory. */
  readonly cacheDir: string
  /** Both or none, for `image-ref`. */
  readonly username: string
  readonly password: string
  /** For ghcr.io, where nothing else is known. */
  readonly githubToken: string
  readonly attempts: number
  /** ms, for one scan. */
  readonly timeout: number
  readonly gate: 'enforce' | 'report'
}

type Raw = Omit<ScanInputs, 'source'> & {
  readonly input: string
  readonly imageRef: string
  readonly scanRef: string
  readonly sbom: string
}

export function parse(read: Read): ScanInputs {
  const { input, imageRef, scanRef, sbom, ...rest } = collect<Raw>(read, {
    service: optional(serviceName),
    input: text,
    imageRef: reference,
    scanRef: text,
    sbom: text,
    scanners: some(choices(scanners)),
    vulnType: some(choices(['os', 'library'])),
    reportSeverity: some(choices(severities)),
    failSeverity: some(choices(severities)),
    ignoreUnfixed: boolean,
    trivyignores: list,
    skipDirs: list,
    skipFiles: list,
    baseline: text,
    formats: choices(formats),
    dbRepository: some(list),
    maxDbAge: duration,
    version: exactVersion,
    cacheDir: text,
    username: text,
    password: text,
    githubToken: mapped(text, unlessTemplate),
    attempts: integer({ min: 1, max: 10 }),
    timeout: duration,
    gate: choice(['enforce', 'report']),
  })
  if ((rest.username === '') !== (rest.password === ''))
    throw badInputs(['username and password: got one of them, expected both or none'])
  return { ...rest, source: oneSource({ input, imageRef, scanRef, sbom }) }
}

function oneSource(given: Pick<Raw, 'input' | 'imageRef' | 'scanRef' | 'sbom'>): Source {
  const sources: readonly (Source | null)[] = [
    given.input === '' ? null : { kind: 'layout', path: given.input },
    given.imageRef === '' ? null : { kind: 'image', reference: given.imageRef },
    given.scanRef === '' ? null : { kind: 'directory', path: given.scanRef },
    given.sbom === '' ? null : { kind: 'sbom', path: given.sbom },
  ]
  const found = sources.filter((source) => source !== null)
  const [source] = found
  if (source === undefined || found.length > 1)
    throw badInputs([
      `got ${String(found.length)} of input, image-ref, scan-ref and sbom, expected exactly one of them; give the oci-layout of build-image as input`,
    ])
  return source
}

const reference: Parser<string> = (raw) => {
  if (raw !== '') parseReference(raw)
  return raw
}

// Started by hand, the default of action.yml is the expression itself.
function unlessTemplate(raw: string): string {
  return raw.startsWith('${{') ? '' : raw
}

function some<T>(parser: Parser<readonly T[]>): Parser<readonly T[]> {
  return required((raw, name) => {
    const values = parser(raw, name)
    if (values.length === 0) throw new Error('is required, got an empty list')
    return values
  })
}

// `latest` would be another scanner every week, and what a mirror calls so.
const exactVersion: Parser<string> = (raw) => {
  if (/^v?\d+\.\d+\.\d+$/.test(raw)) return raw.replace(/^v/, '')
  throw new Error(`got ${JSON.stringify(raw)}, expected an exact version such as 0.74.0`)
}
