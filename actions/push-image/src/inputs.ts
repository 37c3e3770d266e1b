import type { KeyObject } from 'node:crypto'
import { readPrivateKey, type Sigstore } from '@alt-las/evidence'
import { Failure } from '@alt-las/failure'
import { isLoopback } from '@alt-las/http'
import { parseDigest, repositoryName, type Digest, type Login } from '@alt-las/registry'
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
import { isHigher, parseVersion } from './tags/version.ts'

const parsers = {
  /** Service of this step; null = from the name of `image`. */
  service: optional(serviceName),
  operation: choice(['push', 'preflight', 'tag']),
  ociLayout: optional(text),
  /** Of `preflight`, one or several. */
  image: mapped(required(list), (lines) => lines.map(repositoryName)),
  tags: mapped(text, parseRules),
  scanReport: optional(mapped(text, reportOf)),
  /** File, or directory with one file a platform. */
  sbom: optional(text),
  provenance: optional(text),
  sign: choice(['off', 'key', 'keyless']),
  signingKey: optional(text),
  signingKeyPassword: optional(text),
  fulcioUrl: address,
  rekorUrl: addressOrOff,
  tsaUrl: addressOrOff,
  digest: optional(mapped(text, parseDigest)),
  verifyReport: optional(mapped(text, reportOf)),
  release: optional(mapped(text, releaseOf)),
  toRelease: optional(mapped(text, releaseOf)),
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

/** How the image is signed. */
export type Signing =
  | { readonly kind: 'off' }
  | { readonly kind: 'key'; readonly key: KeyObject }
  | { readonly kind: 'keyless'; readonly sigstore: Sigstore }

/** `none`: without this proof, on purpose. */
export type ReportInput = { readonly kind: 'file'; readonly path: string } | { readonly kind: 'none' }

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

export interface PushInputs
  extends Access, Pick<Raw, 'tags' | 'immutable' | 'concurrency' | 'sbom' | 'provenance'> {
  readonly sign: Signing
  readonly operation: 'push'
  readonly ociLayout: string
  readonly scanReport: ReportInput
  /** Repository paths of the image's registry. */
  readonly mountFrom: readonly string[]
}

/** Which image the tags are given to. */
export type TagTarget =
  | { readonly kind: 'forward'; readonly digest: Digest }
  /** Back, and only those tags that point to the image of `release`. */
  | { readonly kind: 'back'; readonly release: string; readonly toRelease: string }

export interface TagInputs extends Access, Pick<Raw, 'tags' | 'immutable'> {
  readonly operation: 'tag'
  readonly target: TagTarget
  readonly verifyReport: ReportInput
}

export type Inputs = PushInputs | PreflightInputs | TagInputs

const rules: readonly Rule<Raw>[] = [
  ({ operation, ociLayout }) =>
    operation === 'push' && ociLayout === null
      ? "oci-layout: got nothing, expected a path; operation push requires it (build-image's output oci-layout)"
      : null,
  ({ operation, scanReport: report }) =>
    operation === 'push' && report === null
      ? "scan-report: got nothing, expected a path; operation push requires it (scan-trivy's output report), or none to push unscanned bytes"
      : null,
  ({ operation, sign, signingKey }) =>
    operation === 'push' && sign === 'key' && signingKey === null
      ? 'signing-key: got nothing, expected the text of cosign.key, which sign: key requires'
      : null,
  ({ sign, signingKey, signingKeyPassword }) => {
    if (sign !== 'key' || signingKey === null) return null
    try {
      readPrivateKey(signingKey, signingKeyPassword)
      return null
    } catch (error) {
      return `signing-key: ${error instanceof Error ? error.message : String(error)}`
    }
  },
  ({ sign, signingKey }) =>
    sign !== 'key' && signingKey !== null
      ? `sign: got ${sign} with a signing-key, expected key: the image would not be signed with it`
      : null,
  ({ sign, rekorUrl, tsaUrl }) =>
    sign === 'keyless' && rekorUrl === null && tsaUrl === null
      ? 'tsa-url: got off, expected an address: without a log and without a timestamp nobody can check the signature later'
      : null,
  ({ operation, digest, toRelease }) =>
    operation === 'tag' && (digest === null) === (toRelease === null)
      ? `digest: got ${digest === null ? 'nothing' : 'a digest and to-release'}, expected for operation tag either digest, or release and to-release`
      : null,
  ({ operation, release, toRelease }) =>
    operation === 'tag' && (release === null) !== (toRelease === null)
      ? `release: expected together with to-release: what was rolled back, and what to return to`
      : null,
  ({ operation, release, toRelease }) => {
    const [from, to] = [parseVersion(release ?? ''), parseVersion(toRelease ?? '')]
    return operation === 'tag' && from !== null && to !== null && !isHigher(from, to)
      ? `to-release: got ${to.text}, expected an earlier version than ${from.text}`
      : null
  },
  ({ operation, verifyReport }) =>
    operation === 'tag' && verifyReport === null
      ? "verify-report: got nothing, expected a path; operation tag requires it (verify's output report), or none to move tags without proof"
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
  const { tags, immutable, concurrency, sbom, provenance } = raw
  if (operation === 'tag') {
    // The rules have checked it.
    const { verifyReport } = raw as Pick<TagInputs, 'verifyReport'>
    return { ...access, operation, tags, immutable, target: targetOf(raw), verifyReport }
  }
  // The rules have checked both.
  const { ociLayout, scanReport } = raw as Pick<PushInputs, 'ociLayout' | 'scanReport'>
  const mountFrom = raw.mountFrom.map(({ repository }) => repository)
  const documents = { scanReport, sbom, provenance, sign: signingOf(raw) }
  return { ...access, operation, ociLayout, ...documents, tags, immutable, concurrency, mountFrom }
}

function targetOf({ digest, release, toRelease }: Raw): TagTarget {
  return digest === null
    ? { kind: 'back', release: release ?? '', toRelease: toRelease ?? '' }
    : { kind: 'forward', digest }
}

function signingOf({ sign, signingKey, signingKeyPassword, fulcioUrl, rekorUrl, tsaUrl }: Raw): Signing {
  switch (sign) {
    case 'off':
      return { kind: 'off' }
    case 'key':
      return { kind: 'key', key: readPrivateKey(signingKey ?? '', signingKeyPassword) }
    case 'keyless':
      return { kind: 'keyless', sigstore: { fulcioUrl, rekorUrl, tsaUrl } }
  }
}

function reportOf(path: string): ReportInput {
  return path === 'none' ? { kind: 'none' } : { kind: 'file', path }
}

function address(raw: string): string {
  const url = URL.parse(raw)
  const isLocal = url !== null && isLoopback(url.hostname)
  if (url === null || (url.protocol !== 'https:' && !isLocal) || url.username !== '' || url.search !== '')
    throw new Error(`got ${JSON.stringify(raw)}, expected an address with https://`)
  return raw.replace(/\/+$/, '')
}

function addressOrOff(raw: string): string | null {
  return raw === 'off' ? null : address(raw)
}

function releaseOf(raw: string): string {
  if (parseVersion(raw) === null)
    throw new Error(`got ${JSON.stringify(raw)}, expected the name of a release such as v1.2.3`)
  return raw
}
