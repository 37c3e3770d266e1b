import { Failure } from '@alt-las/failure'
import type { Cluster } from '@alt-las/kubernetes'
import { type Address, type Preset, type Ways, meter, prometheus, reach, scraped } from '@alt-las/telemetry'
import type { Clock } from '@alt-las/time'
import type { Scrapes } from '../model/metrics.ts'
import { hashPlan } from '../model/plan.ts'
import { versionsOf } from './backends.ts'
import { choosePreset } from './choose-preset.ts'
import { type Source, scrapes } from './scrapes.ts'

export interface MetricsSource {
  readonly metricsUrl: Address | null
  /** null = none. */
  readonly metricsToken: string | null
  /** null = the router's preset. */
  readonly metrics: Preset | null
}

interface Reach extends Ways {
  readonly cluster: Pick<Cluster, 'get' | 'list'>
}

/** Raw counters of both versions: from Prometheus, or from a metrics endpoint that is scraped here. */
export function metricScrapes(
  { metricsUrl, metricsToken, metrics }: MetricsSource,
  { cluster, ...ways }: Reach,
  clock: Clock,
): Scrapes {
  if (metricsUrl === null)
    return { next: () => Promise.reject(noSource()), history: () => Promise.reject(noSource()) }
  const headers = metricsToken === null ? {} : { authorization: `Bearer ${metricsToken}` }
  const get = reach(metricsUrl, { headers }, ways)
  const source = metricsUrl.direct ? scraped(get, nameOf(metricsUrl), clock) : prometheus(get, clock)
  // One meter per plan, since it keeps facts about the source.
  const meters = new Map<string, Source>()
  return scrapes(async (plan, switched) => {
    const key = `${hashPlan(plan)} ${JSON.stringify(switched)}`
    const known = meters.get(key)
    if (known !== undefined) return known
    const preset = metrics ?? (await choosePreset(plan, cluster))
    if (metricsUrl.direct && preset.name === 'pods') throw onePlaceOnly()
    const fresh: Source = {
      meter: meter(versionsOf(plan, switched, cluster), preset, { source, clock }),
      counted: preset.name === 'pods' ? 'pods' : 'gateway',
    }
    meters.set(key, fresh)
    return fresh
  }, clock)
}

function nameOf(address: Address): string {
  if (address.kind === 'http') return new URL(address.base).host
  const { namespace, name, port } = address.service
  return `${namespace}/${name}:${port}`
}

const noSource = () =>
  new Failure('no-metrics', 'there is no source of metrics to judge the canary by', {
    fault: 'input',
    hint: 'set metrics-url to the Prometheus that scrapes the gateway',
  })

const onePlaceOnly = () =>
  new Failure('no-metrics', 'metrics of pods cannot be scraped at one address', {
    fault: 'input',
    hint: "give a Prometheus in metrics-url, or the gateway's metrics endpoint with its preset in metrics",
  })
