import { growthOf, ofPods, type Prometheus, type Series } from '@alt-las/telemetry'

export interface PodAddress {
  readonly name: string
  readonly ip: string
}

/** What the pods of one namespace say, by metric. */
export interface PodMetrics {
  /** Growth per second of a counter, summed over the series of these pods; null without any. */
  perSecond(metric: string, pods: readonly PodAddress[], fits?: Fits): number | null
  /** The largest growth per second of one pod. */
  busiest(metric: string, pods: readonly PodAddress[]): number | null
  /** Mean of a gauge, summed over the series of these pods. */
  mean(metric: string, pods: readonly PodAddress[], fits?: Fits): number | null
  /** The largest value of a gauge of one pod. */
  largest(metric: string, pods: readonly PodAddress[]): number | null
}

type Fits = (labels: Series['labels']) => boolean

/** Reads every metric once for all pods, over the last `ms`. */
export async function readPodMetrics(
  metrics: readonly string[],
  {
    namespace,
    pods,
    ms,
  }: { readonly namespace: string; readonly pods: readonly PodAddress[]; readonly ms: number },
  source: Prometheus,
): Promise<PodMetrics> {
  const found = new Map<string, readonly Series[]>()
  for (const metric of metrics) {
    const series: Series[] = []
    for (const selector of ofPods(metric, { namespace, pods }))
      series.push(...(await source.query(`${selector}[${Math.ceil(ms / 1000)}s]`)))
    found.set(metric, series)
  }
  const of = (metric: string, own: readonly PodAddress[], fits: Fits = () => true) =>
    (found.get(metric) ?? []).filter(({ labels }) => fits(labels) && own.some((pod) => isOf(labels, pod)))
  const rates = (metric: string, own: readonly PodAddress[], fits?: Fits) =>
    of(metric, own, fits).flatMap((series) => {
      const growth = growthOf(series)
      return growth === null ? [] : [(growth.by * 1000) / growth.ms]
    })
  const means = (metric: string, own: readonly PodAddress[], fits?: Fits) =>
    of(metric, own, fits).flatMap(({ samples }) =>
      samples.length === 0 ? [] : [sum(samples.map(({ value }) => value)) / samples.length],
    )
  return {
    perSecond: (metric, own, fits) => total(rates(metric, own, fits)),
    busiest: (metric, own) => most(rates(metric, own)),
    mean: (metric, own, fits) => total(means(metric, own, fits)),
    largest: (metric, own) => most(means(metric, own)),
  }
}

function isOf({ pod, instance = '' }: Series['labels'], { name, ip }: PodAddress): boolean {
  if (pod !== undefined && pod !== '') return pod === name
  return ip !== '' && (instance === ip || instance.startsWith(`${ip}:`) || instance.startsWith(`[${ip}]`))
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0)
const total = (values: readonly number[]) => (values.length === 0 ? null : sum(values))
const most = (values: readonly number[]) => (values.length === 0 ? null : Math.max(...values))
