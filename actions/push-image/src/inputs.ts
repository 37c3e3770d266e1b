import { Failure } from '@alt-las/failure'
import { repositoryName, type Login } from '@alt-las/registry'
import {
  choice,
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
  type Read,
  type Rule,
} from '@alt-las/runner'
import { parseImmutable } from './tags/immutable.ts'
import { parseRules } from './tags/tag-rules.ts'

const parsers = {
  /** Service of this step; null = from the name of `image`. */
  service: optional(serviceName),
  operation: choice(['push', 'preflight']),
  ociLayout: optional(text),
  /** Of `preflight`, one or several. */
  image: mapped(required(list), (lines) => lines.map(repositoryName)),
  tags: mapped(text, parseRules),
  scanReport: optional(mapped(text, scanReport)),
  username: optional(text),
  password: optional(text),
  /** For ghcr.io, where no other credentials are known. */
  githubToken: optional(text),
  immutable: mapped(text, parseImmutable),
  mountFrom: mapped(list, (lines) => lines.map(repositoryName)),
  concurrency: integer({ min: 1, max: 32 }),
  attempts: integer({ min: 1, max: 20 }),
  /** ms */
  timeout: duration,
  gate: choice(['enforce', 'report']),
}

type Raw = Parsed<typeof parsers>

/** `none`: unscanned bytes are pushed on purpose. */
export type ScanReport = { readonly kind: 'file'; readonly path: string } | { readonly kind: 'none' }

type RepositoryName = ReturnType<typeof repositoryName>

interface Access extends Pick<Raw, 'service' | 'githubToken' | 'attempts' | 'timeout' | 'gate'> {
  readonly image: RepositoryName
  /** null = the docker configuration, else `githubToken` at ghcr.io. */
  readonly login: Login | null
}

export interface PreflightInputs extends Access {
  readonly operation: 'preflight'
  /** All of one registry; `image` is the first of them. */
  readonly images: readonly RepositoryName[]
}

export interface PushInputs extends Access, Pick<Raw, 'tags' | 'immutable' | 'concurrency'> {
  readonly operation: 'push'
  readonly ociLayout: string
  readonly scanReport: ScanReport
  /** Repository paths of the image's registry. */
  readonly mountFrom: readonly string[]
}

export type Inputs = PushInputs | PreflightInputs

const rules: readonly Rule<Raw>[] = [
  ({ operation, ociLayout }) =>
    operation === 'push' && ociLayout === null
      ? "oci-layout: got nothing, expected a path; operation push requires it (build-image's output oci-layout)"
      : null,
  ({ operation, scanReport: report }) =>
    operation === 'push' && report === null
      ? "scan-report: got nothing, expected a path; operation push requires it (scan-trivy's output report), or none to push unscanned bytes"
      : null,
  ({ username, password }) =>
    username === null && password !== null
      ? 'username: got nothing, expected the user of password'
      : username !== null && password === null
        ? 'password: got nothing, expected the password of username'
        : null,
  ({ operation, image }) =>
    operation !== 'preflight' && image.length > 1
      ? `image: got ${image.length} lines, expected one repository: only operation preflight takes several`
      : null,
  ({ image: [first, ...others] }) =>
    others
      .filter(({ registry }) => registry !== first?.registry)
      .map(({ name }) => `image: got ${name}, expected a repository of ${first?.registry}, as the first is`),
  ({ image: [first], mountFrom }) =>
    mountFrom
      .filter(({ registry }) => registry !== first?.registry)
      .map(({ name }) => `mount-from: got ${name}, expected a repository of ${first?.registry}, as image is`),
]

export function parse(read: Read): Inputs {
  const raw = collect(read, parsers, rules)
  const { service, operation, image: images, username, password, githubToken, attempts, timeout, gate } = raw
  const login = username === null || password === null ? null : { username, password }
  const [image] = images
  if (image === undefined) throw new Failure('unchecked-inputs', 'no image', { fault: 'ours' })
  const access = { service, image, login, githubToken, attempts, timeout, gate }
  if (operation === 'preflight') return { ...access, operation, images }
  // The rules have checked both.
  const { ociLayout, scanReport: report } = raw as Pick<PushInputs, 'ociLayout' | 'scanReport'>
  const { tags, immutable, concurrency } = raw
  const mountFrom = raw.mountFrom.map(({ repository }) => repository)
  return { ...access, operation, ociLayout, scanReport: report, tags, immutable, concurrency, mountFrom }
}

function scanReport(path: string): ScanReport {
  return path === 'none' ? { kind: 'none' } : { kind: 'file', path }
}
