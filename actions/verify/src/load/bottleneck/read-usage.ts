import { quantity, type Pod, type Workload } from '@alt-las/kubernetes'
import type { Prometheus } from '@alt-las/telemetry'
import type { Measured } from './kubelet.ts'
import { readPodMetrics, type PodAddress, type PodMetrics } from './pod-metrics.ts'
import type { ConnectionUsage, CpuUsage, MemoryUsage, Served, ServiceUsage, Usage } from './usage.ts'

export interface Running {
  readonly workload: Workload
  readonly pods: readonly Pod[]
}

const duration = 'http_request_duration_seconds'
const calls = 'http_client_request_duration_seconds'
const pool = 'db_client_connection'
/** Under the names of Prometheus' client libraries, of OpenTelemetry and of cAdvisor. */
const metrics = [
  ...[`${duration}_sum`, `${duration}_count`, `${calls}_sum`],
  ...['process_cpu_seconds_total', 'process_resident_memory_bytes', 'container_memory_working_set_bytes'],
  ...[`${pool}_count`, `${pool}_max`, `${pool}_pending_requests`],
  ...[`${pool}_use_time_seconds_sum`, `${pool}_use_time_seconds_count`],
]

/** What each service used over the last `ms`, by Prometheus and, where it could be read, by the kubelets. */
export async function readUsage(
  running: readonly Running[],
  {
    namespace,
    ms,
    measured,
    missing,
  }: {
    readonly namespace: string
    readonly ms: number
    readonly measured: Measured
    readonly missing: readonly string[]
  },
  source: Prometheus,
): Promise<Usage> {
  const pods = running.flatMap((one) => one.pods.map(addressOf))
  const read = await readPodMetrics(metrics, { namespace, pods, ms }, source)
  const services = running.map(({ workload, pods: own }) => serviceUsage(workload, own, { read, measured }))
  const silent = services.filter(({ served }) => served === null).map(({ name }) => name)
  const unknown = silent.length === 0 ? [] : [`the requests of ${silent.join(', ')} (no ${duration})`]
  return { services, nodes: measured.nodes, missing: [...missing, ...unknown] }
}

function serviceUsage(
  { metadata }: Workload,
  own: readonly Pod[],
  { read, measured }: { readonly read: PodMetrics; readonly measured: Measured },
): ServiceUsage {
  const pods = own.map(addressOf)
  return {
    name: metadata.name,
    pods: pods.length,
    served: served(pods, read),
    cpu: cpuUsage(own, { read, measured }),
    memory: memoryUsage(own, read),
    connections: connectionUsage(pods, read),
  }
}

/** Probes and scrapes are no requests of users. */
const probes = /\/(metrics|version|ping|(actuator\/)?health|healthz?|livez?|readyz?|startupz?)$/
const isTraffic = ({ route = '', path = '', handler = '' }: Readonly<Record<string, string>>) =>
  ![route, path, handler].some((one) => probes.test(one))

function served(pods: readonly PodAddress[], read: PodMetrics): Served | null {
  const seconds = read.perSecond(`${duration}_sum`, pods, isTraffic)
  const perSecond = read.perSecond(`${duration}_count`, pods, isTraffic)
  if (seconds === null || perSecond === null || perSecond === 0) return null
  const waited = read.perSecond(`${calls}_sum`, pods)
  const callsMs = waited === null ? null : (1000 * waited) / perSecond
  return { perSecond, meanMs: (1000 * seconds) / perSecond, callsMs }
}

function cpuUsage(
  own: readonly Pod[],
  { read, measured }: { readonly read: PodMetrics; readonly measured: Measured },
): CpuUsage | null {
  const each = own.flatMap((pod): readonly CpuUsage[] => {
    const limit = limitOf(pod, 'cpu')
    const seen = measured.pods.get(pod.metadata.name)
    if (seen !== undefined) return [{ ...seen, limit }]
    const cores = read.busiest('process_cpu_seconds_total', [addressOf(pod)])
    return cores === null ? [] : [{ cores, limit, throttled: null }]
  })
  const use = ({ cores, limit, throttled }: CpuUsage) => Math.max(cores / (limit ?? Infinity), throttled ?? 0)
  return [...each].sort((a, b) => use(b) - use(a) || b.cores - a.cores)[0] ?? null
}

function memoryUsage(own: readonly Pod[], read: PodMetrics): MemoryUsage | null {
  const each = own.flatMap((pod) => {
    const at = [addressOf(pod)]
    const bytes =
      read.largest('container_memory_working_set_bytes', at) ??
      read.largest('process_resident_memory_bytes', at)
    return bytes === null ? [] : [{ bytes, limit: limitOf(pod, 'memory') }]
  })
  const use = ({ bytes, limit }: MemoryUsage) => bytes / (limit ?? Infinity)
  return [...each].sort((a, b) => use(b) - use(a))[0] ?? null
}

function connectionUsage(pods: readonly PodAddress[], read: PodMetrics): ConnectionUsage | null {
  const used = read.mean(`${pool}_count`, pods, ({ state }) => state === 'used')
  const max = read.mean(`${pool}_max`, pods)
  const pending = read.mean(`${pool}_pending_requests`, pods)
  if (used === null || max === null || pending === null) return null
  const seconds = read.perSecond(`${pool}_use_time_seconds_sum`, pods)
  const count = read.perSecond(`${pool}_use_time_seconds_count`, pods)
  const useMs = seconds === null || count === null || count === 0 ? null : (1000 * seconds) / count
  return { used, max: Math.round(max), pending, useMs }
}

/** Of all containers; null where one of them has none. */
function limitOf({ spec }: Pod, resource: string): number | null {
  const limits = spec.containers.map(({ resources }) => resources?.limits?.[resource])
  const sum = limits.reduce((all, one) => all + (one === undefined ? Infinity : quantity(one)), 0)
  return Number.isFinite(sum) && sum > 0 ? sum : null
}

function addressOf({ metadata, status }: Pod): PodAddress {
  return { name: metadata.name, ip: status?.podIP ?? '' }
}
