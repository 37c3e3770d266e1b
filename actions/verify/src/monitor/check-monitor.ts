import type { Cluster, Service } from '@alt-las/kubernetes'
import type { Preset, Prometheus } from '@alt-las/telemetry'
import type { Clock } from '@alt-las/time'
import { yes, type Check, type CheckRunner } from '../check.ts'
import { judgeCertificate } from '../security/transport/check-transport.ts'
import type { Tls } from '../security/transport/tls.ts'
import { findWorkloads, running, type RunningWorkload, type Selection } from '../workloads.ts'
import { judgeBackups, type CronJob } from './judge-backups.ts'
import { judgeLogs } from './judge-logs.ts'
import { judgeRestarts } from './judge-restarts.ts'
import { judgeTraffic, type TrafficLimits } from './judge-traffic.ts'
import { backendsOf, measureTraffic } from './measure-traffic.ts'

export interface MonitorPlan {
  readonly selection: Selection
  readonly url: URL | null
  readonly minCertificateDays: number
  /** Until now, in ms: what is judged. */
  readonly windowMs: number
  readonly preset: Preset
  readonly traffic: TrafficLimits
  readonly maxRestarts: number
  /** 0 to 1, of all lines. */
  readonly maxLogErrors: number
  readonly maxBackupAgeMs: number
  /** Whether there is a log store. */
  readonly logs: boolean
}

export interface MonitorPorts {
  readonly cluster: () => Cluster
  readonly tls: Pick<Tls, 'handshake'>
  readonly clock: Clock
  readonly checks: CheckRunner
  readonly metrics: () => Prometheus
  readonly logStore: () => Prometheus
}

/** A released system in the days after its release: how it serves, what it logs, whether it restarts, and what keeps it alive. */
export async function checkMonitor(plan: MonitorPlan, ports: MonitorPorts): Promise<readonly Check[]> {
  const { namespace } = plan.selection
  const found = await ports.checks.need('monitor', 'workloads', async () => {
    const cluster = ports.cluster()
    const workloads = (await findWorkloads(plan.selection, cluster)).map((one) => running(one, cluster))
    const services = await cluster.list<Service>({ apiVersion: 'v1', kind: 'Service', namespace })
    return { cluster, workloads, services }
  })
  const outside = certificate(plan, ports)
  if (found.kind === 'failed') return [found.check, ...(await outside)]
  const { cluster, workloads, services } = found.value
  const now = ports.clock.now()
  const all = await Promise.all([
    Promise.all(workloads.map((one) => traffic(one, { services, now, plan }, ports))),
    ports.checks.run('monitor', 'restarts', async () => {
      const pods = (await Promise.all(workloads.map((one) => one.pods()))).flat()
      return judgeRestarts(pods, { since: now - plan.windowMs, most: plan.maxRestarts })
    }),
    ports.checks.run('monitor', 'errors in the logs', () =>
      plan.logs ? judgeLogs({ ...plan, namespace, now }, ports.logStore()) : noLogStore(),
    ),
    ports.checks.run('monitor', 'backups', async () => {
      const at = { apiVersion: 'batch/v1', kind: 'CronJob', namespace }
      const jobs = await cluster.list<CronJob>({ ...at, labelSelector: 'app.kubernetes.io/component=backup' })
      return judgeBackups(jobs, { now, maxAgeMs: plan.maxBackupAgeMs })
    }),
    outside,
  ])
  return all.flat(2)
}

interface Traffic {
  readonly services: readonly Service[]
  readonly now: number
  readonly plan: MonitorPlan
}

async function traffic(
  { workload, pods }: RunningWorkload,
  { services, now, plan }: Traffic,
  { checks, metrics }: Pick<MonitorPorts, 'checks' | 'metrics'>,
): Promise<readonly Check[]> {
  const backends = backendsOf(workload, services)
  // What no Service leads to has no users of its own.
  if (backends.length === 0) return []
  const { name } = workload.metadata
  return [
    await checks.run('monitor', `traffic of ${name}`, async () => {
      const starts = (await pods()).map(({ status }) => Date.parse(status?.startTime ?? ''))
      const releasedAt = Math.min(...starts.filter((one) => !Number.isNaN(one)), now)
      const options = { now, windowMs: plan.windowMs, releasedAt, preset: plan.preset }
      return judgeTraffic(name, await measureTraffic(backends, options, metrics()), plan.traffic)
    }),
  ]
}

function certificate(
  { url, minCertificateDays: minDays }: MonitorPlan,
  { tls, clock, checks }: Pick<MonitorPorts, 'tls' | 'clock' | 'checks'>,
): Promise<readonly Check[]> {
  if (url?.protocol !== 'https:') return Promise.resolve([])
  const endpoint = { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || 443) }
  const work = checks.run('monitor', 'TLS certificate', async () => {
    const found = judgeCertificate(await tls.handshake(endpoint), { now: clock.now(), minDays })
    return found.ok ? found : { ...found, cause: 'outside', remedy: 'renew the certificate' }
  })
  return work.then((check) => [check])
}

function noLogStore() {
  const because = 'there is no log store: `logs-url` is not given'
  return { ...yes(`not checked: ${because}`), notChecked: [`errors in the logs: ${because}`] }
}
