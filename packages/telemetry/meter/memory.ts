import { ofPods } from '../presets/pods.ts'
import type { Backend } from '../presets/preset.ts'
import type { Sample, Series } from '../series/series.ts'
import type { Prometheus } from '../sources/prometheus.ts'

/** Memory in bytes, of one container or process each. */
export interface Memory {
  /** The new version's pods over the last minutes; empty = no such series. */
  readonly canary: readonly PodMemory[]
  /** The most that one of stable's pods had in its last half hour; null = no such series. */
  readonly stable: number | null
}

export interface PodMemory {
  readonly pod: string
  readonly samples: readonly Sample[]
}

const lately = '180s'
const before = '1800s'

/** What the kubelet counts against the limit, or else what the process says of itself. */
export async function memoryOf(
  { canary, stable }: { readonly canary: Backend; readonly stable: Backend },
  container: string,
  source: Prometheus,
): Promise<Memory> {
  for (const select of [
    (backend: Backend) => ofPods('container_memory_working_set_bytes', backend, { container }),
    (backend: Backend) => ofPods('process_resident_memory_bytes', backend),
  ]) {
    const now = await all(
      select(canary).map((one) => `${one}[${lately}]`),
      source,
    )
    if (now.length === 0) continue
    const peaks = await all(
      select(stable).map((one) => `max_over_time(${one}[${before}])`),
      source,
    )
    const values = peaks.flatMap(({ samples }) => samples.map(({ value }) => value))
    return {
      canary: now.map(({ labels, samples }) => ({ pod: podOf(labels, canary), samples })),
      stable: values.length === 0 ? null : Math.max(...values),
    }
  }
  return { canary: [], stable: null }
}

async function all(queries: readonly string[], source: Prometheus): Promise<readonly Series[]> {
  const answers: Series[] = []
  for (const one of queries) answers.push(...(await source.query(one)))
  return answers
}

function podOf({ pod, instance = '' }: Series['labels'], { pods }: Backend): string {
  if (pod !== undefined) return pod
  return pods.find(({ ip }) => ip !== '' && instance.includes(ip))?.name ?? instance
}
