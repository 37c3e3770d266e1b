import { Failure, describe } from '@alt-las/failure'
import { isDocumentPath, type PushedImage } from '@alt-las/outcome'
import { parseReference } from '@alt-las/registry'
import {
  choice,
  choices,
  chooseService,
  collect,
  duration,
  integer,
  list,
  mapped,
  optional,
  percent,
  required,
  serviceName,
  text,
  type Parsed,
  type Parser,
  type Read,
  type Rule,
} from '@alt-las/runner'
import type { ApiPlan } from './api/check-api.ts'
import { checkKinds, type CheckKind } from './check.ts'
import type { HealthPlan } from './health/check-health.ts'
import { parseReleased, releasedBy } from './health/released.ts'
import type { LoadCheckPlan } from './load/check-load.ts'
import type { SecurityPlan } from './security/check-security.ts'
import { parseConnection } from './security/network/connections.ts'
import { parseWaiver } from './security/waivers.ts'
import type { Selection } from './workloads.ts'

/** The images of the outcome documents that a path or a glob pattern finds. Throws where one of them proves none. */
export type ImagesAt = (pattern: string) => readonly PushedImage[]

const parsers = (imagesAt: ImagesAt) => ({
  service: optional(serviceName),
  checks: required(choices(checkKinds)),
  namespace: optional(text),
  partOf: optional(text),
  workloads: list,
  images: mapped(
    lines((line) => (isDocumentPath(line) ? imagesAt(line).map(releasedBy) : [parseReleased(line)])),
    (perLine) => perLine.flat(),
  ),
  registryUsername: optional(text),
  registryPassword: optional(text),
  readyTimeout: duration,
  url: optional(mapped(text, parseUrl)),
  apiTests: list,
  openapi: optional(text),
  requestTimeout: duration,
  rate: optional(mapped(text, parseRate)),
  duration,
  connections: integer({ min: 1, max: 10_000 }),
  maxErrorRate: percent,
  maxP95: optional(duration),
  maxP99: optional(duration),
  minCertificateDays: integer({ min: 0, max: 3650 }),
  waivers: lines(parseWaiver),
  probeImage: optional(mapped(text, pinned)),
  deniedConnections: lines(parseConnection),
  allowedConnections: lines(parseConnection),
  kubeconfig: optional(text),
  context: optional(text),
  gate: choice(['enforce', 'report']),
})

type Raw = Parsed<ReturnType<typeof parsers>>

const mostRequests = 1_000_000
const needsCluster = (checks: readonly CheckKind[]) =>
  checks.includes('health') || checks.includes('security')

/** A check that was asked for and cannot be done is a problem of the inputs, and never left out silently. */
const rules: readonly Rule<Raw>[] = [
  ({ checks, namespace }) =>
    needsCluster(checks) && namespace === null
      ? 'namespace: is required by the checks health and security'
      : null,
  ({ partOf, workloads }) =>
    partOf !== null && workloads.length > 0 ? 'part-of, workloads: give one of the two, got both' : null,
  ({ checks, url }) =>
    (checks.includes('api') || checks.includes('load')) && url === null
      ? 'url: is required by the checks api and load'
      : null,
  ({ checks, apiTests }) =>
    checks.includes('api') && apiTests.length === 0 ? 'api-tests: is required by the check api' : null,
  ({ checks, rate }) =>
    checks.includes('load') && rate === null ? 'rate: is required by the check load' : null,
  ({ checks, rate }) =>
    !checks.includes('load') && rate !== null ? 'rate: is given, but `checks` does not hold load' : null,
  ({ rate, duration: ms }) =>
    (rate ?? 0) * (ms / 1000) > mostRequests
      ? `rate, duration: more than ${mostRequests} requests in all`
      : null,
  ({ checks, images }) =>
    !checks.includes('health') && images.length > 0
      ? 'images: is given, but `checks` does not hold health'
      : null,
  (inputs) =>
    !inputs.checks.includes('security') && triesConnections(inputs)
      ? 'denied-connections, allowed-connections: are given, but `checks` does not hold security'
      : null,
  (inputs) =>
    triesConnections(inputs) && inputs.probeImage === null
      ? 'probe-image: is required to try connections'
      : null,
  ({ deniedConnections, allowedConnections }) =>
    deniedConnections.length > 0 && allowedConnections.length === 0
      ? 'allowed-connections: at least one is required beside denied-connections, to show that the probe works'
      : null,
  ({ registryUsername, registryPassword }) =>
    (registryUsername === null) !== (registryPassword === null)
      ? 'registry-username, registry-password: give both or none'
      : null,
]

/** Each check that was asked for has its plan; the plan of any other check is null. */
export interface Inputs {
  readonly service: string
  readonly checks: readonly CheckKind[]
  readonly namespace: string | null
  readonly url: URL | null
  readonly health: HealthPlan | null
  readonly api: ApiPlan | null
  readonly security: SecurityPlan | null
  readonly load: LoadCheckPlan | null
  /** Paths of the files with API tests: the checks `api` and `load` use them. */
  readonly apiTests: readonly string[]
  /** Of the HTTP client, at once. */
  readonly connections: number
  readonly cluster: { readonly kubeconfig: string | null; readonly context: string | null }
  /** For the registry of `images`; null = the docker configuration. */
  readonly login: { readonly username: string; readonly password: string } | null
}

/** Throws one Failure `bad-inputs` with every problem, those of single inputs and those between them. */
export function parse(read: Read, imagesAt: ImagesAt): Inputs {
  const raw = collect(read, parsers(imagesAt), rules)
  const { checks, namespace, url, apiTests, connections, kubeconfig, context } = raw
  const { registryUsername: username, registryPassword: password, workloads } = raw
  const planned = <T>(kind: CheckKind, plan: (raw: Raw) => T): T | null =>
    checks.includes(kind) ? plan(raw) : null
  return {
    ...{ checks, namespace, url, apiTests, connections, cluster: { kubeconfig, context } },
    service: chooseService({
      service: raw.service,
      deployment: workloads.length === 1 ? workloads[0] : null,
    }),
    login: username === null || password === null ? null : { username, password },
    health: planned('health', planHealth),
    api: planned('api', planApi),
    security: planned('security', planSecurity),
    load: planned('load', planLoad),
  }
}

function planHealth(raw: Raw): HealthPlan {
  return { selection: selectionOf(raw), images: raw.images, readyTimeoutMs: raw.readyTimeout }
}

function planApi({ url, openapi, requestTimeout: timeoutMs }: Raw): ApiPlan {
  const source =
    openapi === null ? null : ({ kind: openapi.startsWith('/') ? 'served' : 'file', path: openapi } as const)
  return { url: given(url), openapi: source, timeoutMs }
}

function planSecurity(raw: Raw): SecurityPlan {
  const { url, minCertificateDays, requestTimeout: timeoutMs, waivers, probeImage } = raw
  const { allowedConnections: allowed, deniedConnections: denied } = raw
  return {
    selection: selectionOf(raw),
    waivers,
    transport: url === null ? null : { url, minCertificateDays, timeoutMs },
    network: triesConnections(raw) ? { probeImage: given(probeImage), allowed, denied } : null,
  }
}

function planLoad(raw: Raw): LoadCheckPlan {
  const { maxErrorRate, maxP95: maxP95Ms, maxP99: maxP99Ms } = raw
  return {
    url: given(raw.url),
    rate: given(raw.rate),
    durationMs: raw.duration,
    timeoutMs: raw.requestTimeout,
    thresholds: { maxErrorRate: maxErrorRate / 100, maxP95Ms, maxP99Ms },
  }
}

function selectionOf({ namespace, partOf, workloads: names }: Raw): Selection {
  const workloads =
    names.length > 0
      ? ({ kind: 'named', names } as const)
      : partOf === null
        ? ({ kind: 'all' } as const)
        : ({ kind: 'part-of', name: partOf } as const)
  return { namespace: given(namespace), workloads }
}

function triesConnections({ deniedConnections, allowedConnections }: Raw): boolean {
  return deniedConnections.length + allowedConnections.length > 0
}

/** The rules have made sure that the value is there. */
function given<T>(value: T | null): T {
  if (value === null) throw new Failure('bug', 'a rule between inputs is missing', { fault: 'ours' })
  return value
}

function lines<T>(parseOne: (line: string) => T): Parser<readonly T[]> {
  return (raw, name) => {
    const problems: string[] = []
    const parsed = list(raw, name).flatMap((line) => {
      try {
        return [parseOne(line)]
      } catch (error) {
        problems.push(error instanceof Failure ? describe(error) : (error as Error).message)
        return []
      }
    })
    if (problems.length > 0) throw new Error(problems.join('; '))
    return parsed
  }
}

function parseUrl(raw: string): URL {
  const url = URL.canParse(raw) ? new URL(raw) : null
  if (
    url === null ||
    !/^https?:$/.test(url.protocol) ||
    url.username !== '' ||
    url.search !== '' ||
    url.hash !== ''
  )
    throw new Error(
      `got ${JSON.stringify(raw.replace(/\/\/[^/]*@/, '//…@'))}, expected a URL such as https://alt-las.example`,
    )
  return url
}

function parseRate(raw: string): number {
  const rate = /^\d+(\.\d+)?$/.test(raw) ? Number(raw) : NaN
  if (!(rate > 0 && rate <= 100_000))
    throw new Error(`got ${JSON.stringify(raw)}, expected requests per second, such as 50 or 0.5`)
  return rate
}

function pinned(raw: string): string {
  if (parseReference(raw).digest === undefined)
    throw new Error(`got ${JSON.stringify(raw)}, expected an image with its digest`)
  return raw
}
