import { Failure } from '@alt-las/failure'
import type { Cluster, Service, ServiceProxy } from '@alt-las/kubernetes'
import { meter, prometheus, reach, traefik, type Address } from '@alt-las/telemetry'
import type { Clock } from '@alt-las/time'
import type { Plan } from './plan.ts'
import { scrapes, type Scrapes } from './scrapes.ts'

/** The gateway's own counters of both Services, from Prometheus. */
export function gatewayScrapes(
  source: { readonly metricsUrl: Address | null; readonly metricsToken: string },
  { cluster, proxy }: { readonly cluster: Pick<Cluster, 'get'>; readonly proxy: ServiceProxy },
  clock: Clock,
): Scrapes {
  const { metricsUrl, metricsToken } = source
  if (metricsUrl === null) return { next: () => Promise.reject(noSource()) }
  const headers = metricsToken === '' ? {} : { authorization: `Bearer ${metricsToken}` }
  const metrics = prometheus(reach(metricsUrl, { headers }, proxy), clock)
  return scrapes(async (plan) => {
    const port = await portOf(plan, cluster)
    const backend = (service: string) => ({ namespace: plan.namespace, service, port })
    const arms = { canary: backend(plan.canaryService), stable: backend(plan.service) }
    return meter(arms, traefik, metrics)
  }, clock)
}

/** The Service's port that routes name: gateways put it into the names of their series. */
async function portOf(plan: Plan, cluster: Pick<Cluster, 'get'>): Promise<number> {
  const { namespace, service: name } = plan
  const found = await cluster.get<Service>({ apiVersion: 'v1', kind: 'Service', namespace, name })
  return found?.spec.ports?.[0]?.port ?? 80
}

const noSource = () =>
  new Failure('no-metrics', 'there is no source of metrics to judge the canary by', {
    fault: 'input',
    hint: 'set metrics-url to the Prometheus that scrapes the gateway',
  })
