import { Failure } from '@alt-las/failure'
import type { At, Cluster, Pod, Workload } from '@alt-las/kubernetes'
import { selectorOf } from '@alt-las/workload-health'
import { probeLabel } from './security/network/probe-pod.ts'

export interface Selection {
  readonly namespace: string
  /** Value of app.kubernetes.io/part-of; null where workloads are named, or all of the namespace are meant. */
  readonly partOf: string | null
  /** `name` or `kind/name`; none = by `partOf`. */
  readonly names: readonly string[]
}

/** What the inputs select; the parser has made sure of the namespace. */
export function selectionOf(inputs: {
  readonly namespace: string | null
  readonly partOf: string | null
  readonly workloads: readonly string[]
}): Selection {
  return { namespace: inputs.namespace ?? '', partOf: inputs.partOf, names: inputs.workloads }
}

const kinds = ['Deployment', 'StatefulSet', 'DaemonSet'] as const

/** The workloads to verify; throws Failure `no-workload` where a named one is absent, or none is part of what was asked. */
export async function findWorkloads(selection: Selection, cluster: Cluster): Promise<readonly Workload[]> {
  const { namespace, names, partOf } = selection
  const found =
    names.length > 0
      ? await Promise.all(names.map((name) => findOne(name, namespace, cluster)))
      : await findAll(partOf, namespace, cluster)
  if (found.length > 0) return found
  const which = partOf === null ? 'no workload' : `no workload that is part of ${partOf}`
  throw new Failure('no-workload', `namespace ${namespace} has ${which}`, {
    fault: 'outside',
    hint: 'check `namespace`, and the label app.kubernetes.io/part-of of the Deployments',
  })
}

async function findAll(
  partOf: string | null,
  namespace: string,
  cluster: Cluster,
): Promise<readonly Workload[]> {
  const filter = partOf === null ? {} : { labelSelector: `app.kubernetes.io/part-of=${partOf}` }
  const lists = kinds.map((kind) =>
    cluster.list<Workload>({ apiVersion: 'apps/v1', kind, namespace, ...filter }),
  )
  return (await Promise.all(lists)).flat()
}

async function findOne(text: string, namespace: string, cluster: Cluster): Promise<Workload> {
  const [kind = '', name = ''] = text.includes('/') ? text.split('/') : ['', text]
  for (const one of kinds) {
    if (kind !== '' && kind.toLowerCase() !== one.toLowerCase()) continue
    const found = await cluster.get<Workload>({ apiVersion: 'apps/v1', kind: one, namespace, name })
    if (found !== null) return found
  }
  throw new Failure('no-workload', `namespace ${namespace} has no workload ${text}`, { fault: 'outside' })
}

/** The pods of a workload that live: not those that are being deleted or have ended, and not our own probe. */
export async function livePods(workload: Workload, cluster: Cluster): Promise<readonly Pod[]> {
  const pods = await cluster.list<Pod>(podsOf(workload))
  return pods.filter(
    ({ metadata, status }) =>
      metadata.deletionTimestamp === undefined &&
      metadata.labels?.[probeLabel] === undefined &&
      status?.phase !== 'Succeeded' &&
      status?.phase !== 'Failed',
  )
}

function podsOf(workload: Workload): At {
  const { namespace } = workload.metadata
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    ...(namespace === undefined ? {} : { namespace }),
    ...selectorOf(workload),
  }
}
