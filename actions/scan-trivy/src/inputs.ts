import { parseReference, type Login, type Reference } from '@alt-las/registry'
import {
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
  type Parsed,
  type Parser,
  type Read,
  type Rule,
} from '@alt-las/runner'
import { severities } from './verdict/severity.ts'

export const scanners = ['vuln', 'secret', 'misconfig'] as const
export const formats = ['sarif', 'json', 'cyclonedx', 'spdx-json', 'table'] as const

export type Scanner = (typeof scanners)[number]
export type Format = (typeof formats)[number]

const parsers = {
  /** Service of this step; null = from the image's name. */
  service: optional(serviceName),
  input: optional(text),
  imageRef: optional(mapped(text, parseReference)),
  scanRef: optional(text),
  sbom: optional(text),
  /** null = by what is scanned. */
  scanners: optional(some(choices(scanners))),
  vulnType: some(choices(['os', 'library'])),
  reportSeverity: some(choices(severities)),
  failSeverity: some(choices(severities)),
  ignoreUnfixed: boolean,
  /** Paths of ignore files. */
  trivyignores: list,
  /** Distributions and ecosystems, such as `fedora 40`, that the database need not cover. */
  acceptUncovered: mapped(list, (lines) =>
    lines
      .flatMap((line) => line.split(','))
      .map((one) => one.trim())
      .filter((one) => one !== ''),
  ),
  skipDirs: list,
  skipFiles: list,
  /** Path of the last release's outcome document. */
  baseline: optional(text),
  formats: choices(formats),
  /** Tried in order. */
  dbRepository: some(list),
  /** For images with jar files; Trivy tries them in order. */
  javaDbRepository: some(list),
  /** ms */
  maxDbAge: duration,
  version: exactVersion,
  /** null = a directory under the runner's temporary one. */
  cacheDir: optional(text),
  username: optional(text),
  password: optional(text),
  /** For ghcr.io, where no other credentials are known. */
  githubToken: optional(text),
  attempts: integer({ min: 1, max: 10 }),
  /** ms, for one scan. */
  timeout: duration,
  gate: choice(['enforce', 'report']),
}

type Raw = Parsed<typeof parsers>

/** What is scanned. Paths are relative to the checkout. */
export type Source =
  | { readonly kind: 'layout'; readonly path: string }
  | { readonly kind: 'image'; readonly reference: Reference }
  | { readonly kind: 'directory'; readonly path: string }
  | { readonly kind: 'sbom'; readonly path: string }

export type Inputs = Omit<
  Raw,
  'input' | 'imageRef' | 'scanRef' | 'sbom' | 'username' | 'password' | 'scanners'
> & {
  readonly source: Source
  readonly scanners: readonly Scanner[]
  /** For reading an image; null = the docker configuration, else `githubToken` at ghcr.io. */
  readonly login: Login | null
}

/** How a registry is read. */
export type RegistryAccess = Pick<Inputs, 'login' | 'githubToken' | 'attempts'>

const rules: readonly Rule<Raw>[] = [
  (given) => {
    const count = sourcesOf(given).length
    return count === 1
      ? null
      : `input, image-ref, scan-ref, sbom: got ${count} of them, expected exactly one; give build-image's output oci-layout as input`
  },
  ({ username, password }) =>
    (username === null) === (password === null)
      ? null
      : 'username, password: got one of them, expected both or none',
]

export function parse(read: Read): Inputs {
  const { input, imageRef, scanRef, sbom, username, password, scanners, ...rest } = collect(
    read,
    parsers,
    rules,
  )
  const [source] = sourcesOf({ input, imageRef, scanRef, sbom }) as readonly [Source]
  const login = username === null || password === null ? null : { username, password }
  return { ...rest, source, scanners: scanners ?? usualScanners[source.kind], login }
}

/** Those of Trivy itself; configuration files in an image are those of its packages, and say nothing of how it is run. */
const usualScanners: Readonly<Record<Source['kind'], readonly Scanner[]>> = {
  layout: ['vuln', 'secret'],
  image: ['vuln', 'secret'],
  directory: ['vuln', 'secret', 'misconfig'],
  sbom: ['vuln'],
}

function sourcesOf(given: Pick<Raw, 'input' | 'imageRef' | 'scanRef' | 'sbom'>): readonly Source[] {
  const { input, imageRef, scanRef, sbom } = given
  return [
    ...(input === null ? [] : [{ kind: 'layout', path: input } as const]),
    ...(imageRef === null ? [] : [{ kind: 'image', reference: imageRef } as const]),
    ...(scanRef === null ? [] : [{ kind: 'directory', path: scanRef } as const]),
    ...(sbom === null ? [] : [{ kind: 'sbom', path: sbom } as const]),
  ]
}

function some<T>(parser: Parser<readonly T[]>): Parser<readonly T[]> {
  return required((raw, name) => {
    const values = parser(raw, name)
    if (values.length === 0) throw new Error('is required, got an empty list')
    return values
  })
}

/** `latest` would change the scanner every week. */
function exactVersion(raw: string): string {
  if (/^v?\d+\.\d+\.\d+$/.test(raw)) return raw.replace(/^v/, '')
  throw new Error(`got ${JSON.stringify(raw)}, expected an exact version such as 0.74.0`)
}
