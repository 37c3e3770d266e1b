import type { Baseline } from '@alt-las/load'
import { isDocumentPath, type ReleasedImage } from '@alt-las/outcome'
import {
  choice,
  choices,
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
  type Rule,
} from '@alt-las/runner'
import { parsePreset } from '@alt-las/telemetry'
import { checkKinds, type CheckKind } from './check.ts'
import { parseReleased, releasedBy } from './health/released.ts'
import { baseUrl, lines, metricsAddress, pinnedImage, requestRate } from './parsers.ts'
import { parseConnection } from './security/network/connections.ts'
import { parseWaiver } from './security/pods/waivers.ts'

/** Outcome documents of earlier steps. Each throws a Failure where a document does not hold what is asked for. */
export interface Documents {
  /** The images of those that a path or a glob pattern finds. */
  imagesAt(pattern: string): readonly ReleasedImage[]
  /** The load of one. */
  baselineAt(path: string): Baseline
}

/** The one table of inputs. */
export const parsers = ({ imagesAt, baselineAt }: Documents) => ({
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
  url: optional(mapped(text, baseUrl)),
  apiTests: list,
  openapi: optional(text),
  openapiRequests: optional(choice(['off', 'safe'])),
  requestTimeout: duration,
  rate: optional(mapped(text, requestRate)),
  duration,
  warmUp: duration,
  targetRate: optional(mapped(text, requestRate)),
  headroom: percent,
  mostRate: mapped(text, requestRate),
  capacityStep: duration,
  baseline: optional(mapped(text, baselineAt)),
  maxSlowdown: percent,
  connections: integer({ min: 1, max: 10_000 }),
  maxErrorRate: percent,
  maxP95: optional(duration),
  maxP99: optional(duration),
  minCertificateDays: integer({ min: 0, max: 3650 }),
  securityPolicy: optional(text),
  metrics: mapped(text, parsePreset),
  logsUrl: optional(mapped(text, metricsAddress)),
  logsToken: optional(text),
  window: duration,
  maxRestarts: integer({ min: 0, max: 1000 }),
  maxLogErrors: percent,
  maxBackupAge: duration,
  waivers: lines(parseWaiver),
  probeImage: optional(mapped(text, pinnedImage)),
  deniedConnections: lines(parseConnection),
  allowedConnections: lines(parseConnection),
  metricsUrl: optional(mapped(text, metricsAddress)),
  metricsToken: optional(text),
  kubeconfig: optional(text),
  context: optional(text),
  gate: choice(['enforce', 'report']),
})

/** Every input, as the runner gives them. */
export type Given = Parsed<ReturnType<typeof parsers>>

const mostRequests = 1_000_000
const needsCluster = (checks: readonly CheckKind[]) =>
  checks.some((kind) => ['health', 'security', 'capacity', 'monitor'].includes(kind))

/** A check that was asked for and cannot be done is a problem of the inputs, and never left out silently. */
export const rules: readonly Rule<Given>[] = [
  ({ checks, namespace }) =>
    needsCluster(checks) && namespace === null
      ? 'namespace: is required by the checks health, security, capacity and monitor'
      : null,
  ({ partOf, workloads }) =>
    partOf !== null && workloads.length > 0 ? 'part-of, workloads: give one of the two, got both' : null,
  ({ checks, url }) =>
    checks.some((kind) => ['api', 'load', 'capacity'].includes(kind)) && url === null
      ? 'url: is required by the checks api, load and capacity'
      : null,
  ({ checks, apiTests }) =>
    checks.includes('api') && apiTests.length === 0 ? 'api-tests: is required by the check api' : null,
  ({ openapi, openapiRequests }) =>
    openapi === null && openapiRequests === 'safe'
      ? 'openapi-requests: is given without `openapi`, which says what to request'
      : null,
  ({ checks, rate }) =>
    checks.includes('load') && rate === null ? 'rate: is required by the check load' : null,
  ({ checks, rate }) =>
    !checks.includes('load') && !checks.includes('capacity') && rate !== null
      ? 'rate: is given, but `checks` holds neither load nor capacity'
      : null,
  ({ checks, targetRate }) =>
    targetRate !== null && !checks.includes('capacity')
      ? 'target-rate: is given, but `checks` does not hold capacity'
      : null,
  ({ checks, maxP95, maxP99 }) =>
    checks.includes('capacity') && maxP95 === null && maxP99 === null
      ? 'max-p95, max-p99: one of them is required by the check capacity: it says which rate is too much'
      : null,
  ({ checks, capacityStep }) =>
    checks.includes('capacity') && capacityStep < 5000
      ? 'capacity-step: expected at least 5s: less measures the start of a load alone'
      : null,
  ({ checks, baseline }) =>
    baseline !== null && !checks.includes('load')
      ? 'baseline: is given, but `checks` does not hold load'
      : null,
  ({ rate, baseline }) =>
    rate !== null && baseline !== null && rate !== baseline.rate
      ? `rate, baseline: got ${rate} and a baseline of ${baseline.rate} requests per second, expected the same rate: the latency of another load says nothing`
      : null,
  ({ metricsUrl, namespace }) =>
    metricsUrl !== null && namespace === null
      ? 'namespace: is required beside metrics-url: it holds the pods whose metrics are read'
      : null,
  ({ metricsUrl, metricsToken }) =>
    metricsUrl === null && metricsToken !== null ? 'metrics-token: is given without metrics-url' : null,
  ({ rate, duration: ms, warmUp }) =>
    (rate ?? 0) * ((ms + warmUp) / 1000) > mostRequests
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
  ({ checks, metricsUrl }) =>
    checks.includes('monitor') && metricsUrl === null
      ? 'metrics-url: is required by the check monitor'
      : null,
  ({ checks, securityPolicy }) =>
    !checks.includes('security') && securityPolicy !== null
      ? 'security-policy: is given, but `checks` does not hold security'
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

export function triesConnections({ deniedConnections, allowedConnections }: Given): boolean {
  return deniedConnections.length + allowedConnections.length > 0
}
