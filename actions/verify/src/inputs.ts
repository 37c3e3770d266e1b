import {
  badInputs,
  choice,
  choices,
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
  type Parser,
  type Read,
} from '@alt-las/runner'
import { Failure, describe } from '@alt-las/failure'
import { parseReference } from '@alt-las/registry'
import { parseConnection, type Connection } from './security/network/connections.ts'
import { parseReleased, type Released } from './health/released.ts'
import { parseWaiver, type Waiver } from './security/waivers.ts'

export const checkNames = ['health', 'api', 'security', 'load'] as const

export interface Inputs {
  /** Whose step this is; null = by the names of the other inputs. */
  readonly service: string | null
  readonly checks: readonly (typeof checkNames)[number][]
  readonly namespace: string | null
  readonly partOf: string | null
  readonly workloads: readonly string[]
  readonly images: readonly Released[]
  readonly registryUsername: string | null
  readonly registryPassword: string | null
  readonly readyTimeout: number
  readonly url: URL | null
  readonly apiTests: readonly string[]
  readonly openapi: string | null
  readonly requestTimeout: number
  readonly rate: number | null
  readonly duration: number
  readonly connections: number
  /** 0..100 */
  readonly maxErrorRate: number
  readonly maxP95: number | null
  readonly maxP99: number | null
  readonly minCertificateDays: number
  readonly waivers: readonly Waiver[]
  readonly probeImage: string | null
  readonly deniedConnections: readonly Connection[]
  readonly allowedConnections: readonly Connection[]
  readonly kubeconfig: string | null
  readonly context: string | null
  readonly gate: 'enforce' | 'report'
}

const mostRequests = 1_000_000

/** Throws one Failure `bad-inputs` with every problem, those of single inputs and those between them. */
export function parse(read: Read): Inputs {
  const inputs = collect<Inputs>(read, {
    service: optional(serviceName),
    checks: required(choices(checkNames)),
    namespace: optional(text),
    partOf: optional(text),
    workloads: list,
    images: lines(parseReleased),
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
  const problems = contradictions(inputs)
  if (problems.length > 0) throw badInputs(problems)
  return inputs
}

/** What is missing or contradicts itself between inputs; a check that was asked for and cannot be done is never left out silently. */
function contradictions(inputs: Inputs): readonly string[] {
  const asks = (name: Inputs['checks'][number]) => inputs.checks.includes(name)
  const inCluster = asks('health') || asks('security')
  const tries = inputs.deniedConnections.length + inputs.allowedConnections.length > 0
  const both = inputs.partOf !== null && inputs.workloads.length > 0
  const problem = (wrong: boolean, text: string) => (wrong ? [text] : [])
  return [
    ...problem(
      inCluster && inputs.namespace === null,
      'namespace: is required by the checks health and security',
    ),
    ...problem(both, 'part-of, workloads: give one of the two, got both'),
    ...problem(
      (asks('api') || asks('load')) && inputs.url === null,
      'url: is required by the checks api and load',
    ),
    ...problem(asks('api') && inputs.apiTests.length === 0, 'api-tests: is required by the check api'),
    ...problem(asks('load') && inputs.rate === null, 'rate: is required by the check load'),
    ...problem(!asks('load') && inputs.rate !== null, 'rate: is given, but `checks` does not hold load'),
    ...problem(
      (inputs.rate ?? 0) * (inputs.duration / 1000) > mostRequests,
      `rate, duration: more than ${String(mostRequests)} requests in all`,
    ),
    ...problem(
      !asks('health') && inputs.images.length > 0,
      'images: is given, but `checks` does not hold health',
    ),
    ...problem(
      !asks('security') && tries,
      'denied-connections, allowed-connections: are given, but `checks` does not hold security',
    ),
    ...problem(tries && inputs.probeImage === null, 'probe-image: is required to try connections'),
    ...problem(
      inputs.deniedConnections.length > 0 && inputs.allowedConnections.length === 0,
      'allowed-connections: at least one is required beside denied-connections, to show that the probe works',
    ),
    ...problem(
      (inputs.registryUsername === null) !== (inputs.registryPassword === null),
      'registry-username, registry-password: give both or none',
    ),
  ]
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
