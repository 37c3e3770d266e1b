import { type At, type Cluster, type KubeObject, type Workload, title } from '@alt-las/kubernetes'
import { observeReadiness } from '@alt-las/workload-health'
import type { ObservedObjects } from '../model/observation.ts'

export function at({ apiVersion, kind, metadata }: KubeObject): At {
  const { name, namespace } = metadata
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) }
}

/** Whether the workloads among them are rolled out; other objects are ready once applied. `now` in ms since 1970. */
export async function observeObjects(
  objects: readonly KubeObject[],
  now: number,
  cluster: Pick<Cluster, 'get' | 'list' | 'log'>,
): Promise<ObservedObjects> {
  for (const object of objects) {
    if (!['StatefulSet', 'DaemonSet', 'Deployment'].includes(object.kind)) continue
    const found = await cluster.get<Workload>(at(object))
    if (found === null) return { kind: 'unapplied' }
    const seen = await observeReadiness(found, now, cluster)
    if (seen.kind !== 'ready') return { kind: seen.kind, because: `${title(found)}: ${seen.because}` }
  }
  return { kind: 'ready' }
}
