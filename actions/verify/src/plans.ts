import { Failure } from '@alt-las/failure'
import type { ApiPlan } from './api/check-api.ts'
import type { Given } from './given.ts'
import type { CapacityPlan } from './capacity/check-capacity.ts'
import type { HealthPlan } from './health/check-health.ts'
import type { LoadCheckPlan } from './load/check-load.ts'
import type { MonitorPlan } from './monitor/check-monitor.ts'
import type { SecurityPlan } from './security/check-security.ts'
import type { Selection } from './workloads.ts'

// What each kind of check is to do. The rules between inputs hold already.

export function planHealth(raw: Given): HealthPlan {
  return { selection: selectionOf(raw), images: raw.images, readyTimeoutMs: raw.readyTimeout }
}

export function planApi({ url, openapi, openapiRequests, requestTimeout: timeoutMs }: Given): ApiPlan {
  const source =
    openapi === null ? null : ({ kind: openapi.startsWith('/') ? 'served' : 'file', path: openapi } as const)
  return { url: checked(url), openapi: source, timeoutMs, generates: openapiRequests === 'safe' }
}

export function planSecurity(raw: Given): SecurityPlan {
  const { url, minCertificateDays, requestTimeout: timeoutMs, waivers, probeImage } = raw
  const { allowedConnections: allowed, deniedConnections: denied, openapi, securityPolicy: policy } = raw
  const paths = ['/', ...(openapi?.startsWith('/') === true ? [openapi] : [])]
  return {
    selection: selectionOf(raw),
    waivers,
    transport: url === null ? null : { url, minCertificateDays, paths, timeoutMs },
    network: { probeImage, allowed, denied },
    policy,
  }
}

export function planMonitor(raw: Given): MonitorPlan {
  const { url, minCertificateDays, window: windowMs, metrics: preset, maxRestarts, logsUrl } = raw
  return {
    selection: selectionOf(raw),
    ...{ url, minCertificateDays, windowMs, preset, maxRestarts },
    traffic: {
      maxErrorRate: raw.maxErrorRate / 100,
      maxP95Ms: raw.maxP95,
      maxSlowdown: raw.maxSlowdown / 100,
    },
    maxLogErrors: raw.maxLogErrors / 100,
    maxBackupAgeMs: raw.maxBackupAge,
    logs: logsUrl !== null,
  }
}

export function planLoad(raw: Given): LoadCheckPlan {
  const { maxErrorRate, maxP95: maxP95Ms, maxP99: maxP99Ms, baseline, maxSlowdown } = raw
  return {
    url: checked(raw.url),
    rate: checked(raw.rate),
    durationMs: raw.duration,
    watched: raw.metricsUrl === null ? null : selectionOf(raw),
    warmUpMs: raw.warmUp,
    timeoutMs: raw.requestTimeout,
    thresholds: { maxErrorRate: maxErrorRate / 100, maxP95Ms, maxP99Ms },
    baseline: baseline === null ? null : { measured: baseline, maxSlowdown: maxSlowdown / 100 },
  }
}

export function planCapacity(raw: Given): CapacityPlan {
  const { maxErrorRate, maxP95: maxP95Ms, maxP99: maxP99Ms, targetRate, headroom } = raw
  const selection = selectionOf(raw)
  return {
    url: checked(raw.url),
    startRate: raw.rate ?? (targetRate === null ? defaultStart : targetRate / 4),
    mostRate: raw.mostRate,
    stepMs: raw.capacityStep,
    timeoutMs: raw.requestTimeout,
    thresholds: { maxErrorRate: maxErrorRate / 100, maxP95Ms, maxP99Ms },
    selection,
    watched: raw.metricsUrl === null ? null : selection,
    targetRate,
    headroom: headroom / 100,
  }
}

/** Requests per second: any system bears it, and five doublings later the load is a real one. */
const defaultStart = 10

function selectionOf({ namespace, partOf, workloads: names }: Given): Selection {
  const workloads =
    names.length > 0
      ? ({ kind: 'named', names } as const)
      : partOf === null
        ? ({ kind: 'all' } as const)
        : ({ kind: 'part-of', name: partOf } as const)
  return { namespace: checked(namespace), workloads }
}

/** The rules have made sure that the value is there. */
function checked<T>(value: T | null): T {
  if (value === null) throw new Failure('bug', 'a rule between inputs is missing', { fault: 'ours' })
  return value
}
