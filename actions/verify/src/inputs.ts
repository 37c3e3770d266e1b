import { chooseService, collect, type Read } from '@alt-las/runner'
import type { ApiPlan } from './api/check-api.ts'
import type { CapacityPlan } from './capacity/check-capacity.ts'
import type { CheckKind } from './check.ts'
import { parsers, rules, type Documents, type Given } from './given.ts'
import type { HealthPlan } from './health/check-health.ts'
import type { LoadCheckPlan } from './load/check-load.ts'
import type { MetricsSource } from './load/metrics-source.ts'
import type { MonitorPlan } from './monitor/check-monitor.ts'
import { planApi, planCapacity, planHealth, planLoad, planMonitor, planSecurity } from './plans.ts'
import type { SecurityPlan } from './security/check-security.ts'

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
  readonly capacity: CapacityPlan | null
  /** Where services and gateways say what they do and use. */
  readonly metrics: MetricsSource | null
  readonly monitor: MonitorPlan | null
  /** A Loki, for the check `monitor`. */
  readonly logs: MetricsSource | null
  /** Paths of the files with API tests: the checks `api` and `load` use them. */
  readonly apiTests: readonly string[]
  /** Of the HTTP client, at once. */
  readonly connections: number
  readonly cluster: { readonly kubeconfig: string | null; readonly context: string | null }
  /** For the registry of `images`; null = the docker configuration. */
  readonly login: { readonly username: string; readonly password: string } | null
}

/** Throws one Failure `bad-inputs` with every problem, those of single inputs and those between them. */
export function parse(read: Read, documents: Documents): Inputs {
  const raw = collect(read, parsers(documents), rules)
  const { checks, namespace, url, apiTests, connections, kubeconfig, context } = raw
  const { registryUsername: username, registryPassword: password, workloads } = raw
  const planned = <T>(kind: CheckKind, plan: (raw: Given) => T): T | null =>
    checks.includes(kind) ? plan(raw) : null
  return {
    ...{ checks, namespace, url, apiTests, connections, cluster: { kubeconfig, context } },
    service: chooseService({
      service: raw.service,
      deployment: workloads.length === 1 ? workloads[0] : null,
    }),
    login: username === null || password === null ? null : { username, password },
    metrics: raw.metricsUrl === null ? null : { address: raw.metricsUrl, token: raw.metricsToken },
    health: planned('health', planHealth),
    api: planned('api', planApi),
    security: planned('security', planSecurity),
    load: planned('load', planLoad),
    capacity: planned('capacity', planCapacity),
    monitor: planned('monitor', planMonitor),
    logs: raw.logsUrl === null ? null : { address: raw.logsUrl, token: raw.logsToken },
  }
}
