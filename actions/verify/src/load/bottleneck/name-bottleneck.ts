import type { ServiceUsage, Usage } from './usage.ts'

export type Resource = 'cpu' | 'memory' | 'connections' | 'database' | 'node-cpu'

export interface Bottleneck {
  /** The service in which a request spends most time of its own; null where no metrics say so. */
  readonly slowest: string | null
  /** The resource that is used up; null where none is seen to be. `service` is null for a node. */
  readonly saturated: {
    readonly service: string | null
    readonly resource: Resource
    readonly because: string
  } | null
  /** One sentence. */
  readonly because: string
  readonly missing: readonly string[]
}

/**
 * Names the slowest service and the resource that is used up. Of several, the one of the service in which requests spend most time of
 * their own: a service before it is slow because it waits.
 */
export function nameBottleneck({ services, nodes, missing }: Usage): Bottleneck {
  const known = services.flatMap((service) => (service.served === null ? [] : [service]))
  const [slowest] = [...known].sort((a, b) => ownMs(b) - ownMs(a))
  const [first] = services
    .flatMap((service) => saturations(service).map((one) => ({ service, ...one })))
    .sort((a, b) => ownMs(b.service) - ownMs(a.service) || b.share - a.share)
  const node = nodes.find(({ cores, capacity }) => cores >= fullShare * capacity)
  const own =
    first === undefined
      ? null
      : { service: first.service.name, resource: first.resource, because: first.because }
  const ofNode =
    node === undefined
      ? null
      : {
          service: null,
          resource: 'node-cpu' as const,
          because: `node ${node.name} uses ${cores(node.cores)} of its ${node.capacity} cores`,
        }
  const saturated = own ?? ofNode
  const slow = slowest === undefined ? null : `the slowest service is ${slowest.name}: ${timesOf(slowest)}`
  const because = [
    ...(saturated === null ? ['no resource is used up'] : [saturated.because]),
    ...(own !== null && ofNode !== null ? [`beside it, ${ofNode.because}`] : []),
    ...(slow === null ? [] : [slow]),
    ...(missing.length === 0 ? [] : [`not known: ${missing.join(', ')}`]),
  ].join('; ')
  return { slowest: slowest?.name ?? null, saturated, because, missing }
}

interface Saturation {
  readonly resource: Resource
  /** How much of it is used, for the order. */
  readonly share: number
  readonly because: string
}

const fullShare = 0.95
/** A process does not reach its limit exactly: the scheduler stops it before. */
const busyShare = 0.85
const throttledShare = 0.25
/** A connection that is used for longer waits for a slow query, and more of them would not help the database. */
const slowUseMs = 50

function saturations(service: ServiceUsage): readonly Saturation[] {
  return [...connections(service), ...cpu(service), ...memory(service)]
}

function cpu({ name, cpu: used }: ServiceUsage): readonly Saturation[] {
  if (used?.limit === null || used === null) return []
  const share = used.cores / used.limit
  const throttled = used.throttled ?? 0
  if (share < busyShare && throttled < throttledShare) return []
  const stopped = throttled > 0 ? `, throttled in ${percent(throttled)} of the time` : ''
  const because = `${name} is at its CPU limit: a pod uses ${cores(used.cores)} of ${cores(used.limit)} cores${stopped}`
  return [{ resource: 'cpu', share: Math.max(share, throttled), because }]
}

function memory({ name, memory: used }: ServiceUsage): readonly Saturation[] {
  if (used?.limit === null || used === null || used.bytes < fullShare * used.limit) return []
  const because = `${name} is at its memory limit: a pod uses ${mib(used.bytes)} of ${mib(used.limit)}`
  return [{ resource: 'memory', share: used.bytes / used.limit, because }]
}

function connections({ name, connections: pool }: ServiceUsage): readonly Saturation[] {
  if (pool === null || pool.pending < 1 || pool.used < busyShare * pool.max) return []
  const { useMs } = pool
  const waiting = `${rounded(pool.pending)} requests wait for one of its ${pool.max} database connections`
  const share = pool.pending
  if (useMs !== null && useMs >= slowUseMs)
    return [
      {
        ...{ resource: 'database', share },
        because: `the database of ${name} is slow: a query takes ${rounded(useMs)} ms, and ${waiting}`,
      },
    ]
  const quick = useMs === null ? '' : `, each used for ${rounded(useMs)} ms`
  const because = `${name} has too few database connections: ${waiting}${quick}`
  return [{ resource: 'connections', share, because }]
}

/** Without the time in which it waits for others. */
function ownMs({ served }: ServiceUsage): number {
  return served === null ? 0 : Math.max(0, served.meanMs - (served.callsMs ?? 0))
}

function timesOf(service: ServiceUsage): string {
  const { served } = service
  if (served === null) return ''
  const { meanMs, callsMs } = served
  const own = callsMs === null ? '' : `, ${rounded(ownMs(service))} ms of its own`
  return `${rounded(meanMs)} ms a request${own}`
}

const rounded = (value: number) => Math.round(value * 10) / 10
const cores = (value: number) => Math.round(value * 100) / 100
const percent = (share: number) => `${Math.round(share * 100)}%`
const mib = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MiB`
