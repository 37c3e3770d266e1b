import { Failure } from '@alt-las/failure'
import type { At, Cluster, KubeObject, Pod, Workload } from '@alt-las/kubernetes'
import { podSelector } from '@alt-las/workload-health'
import { shared } from './check.ts'

export interface Selection {
  readonly namespace: string
  readonly workloads:
    | { readonly kind: 'all' }
    /** By the label app.kubernetes.io/part-of. */
    | { readonly kind: 'part-of'; readonly name: string }
    /** `name` or `kind/name`. */
    | { readonly kind: 'named'; readonly names: readonly string[] }
}

/** Label of the pods from which connections are tried. */
export const probeLabel = 'delivery.alt-las.dev/verify-probe'

const kinds = ['Deployment', 'StatefulSet', 'DaemonSet'] as const

/** The workloads to verify. Throws Failure `no-workload` where a named one is absent, or where nothing is selected. */
export async function findWorkloads(selection: Selection, cluster: Cluster): Promise<readonly Workload[]> {
  const found = await select(selection, cluster)
  if (found.length > 0) return found
  const { namespace, workloads } = selection
  const which = workloads.kind === 'part-of' ? `no workload that is part of ${workloads.name}` : 'no workload'
  throw new Failure('no-workload', `namespace ${namespace} has ${which}`, {
    fault: 'outside',
    hint: 'check `namespace`, and the label app.kubernetes.io/part-of of the Deployments',
  })
}

async function select({ namespace, workloads }: Selection, cluster: Cluster): Promise<readonly Workload[]> {
  switch (workloads.kind) {
    case 'all':
      return listAll({ namespace }, cluster)
    case 'part-of':
      return listAll({ namespace, labelSelector: `app.kubernetes.io/part-of=${workloads.name}` }, cluster)
    case 'named':
      return Promise.all(workloads.names.map((name) => findOne(name, namespace, cluster)))
  }
}

async function listAll(
  filter: { readonly namespace: string; readonly labelSelector?: string },
  cluster: Cluster,
): Promise<readonly Workload[]> {
  const lists = kinds.map((kind) => cluster.list<Workload>({ apiVersion: 'apps/v1', kind, ...filter }))
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

/**
 * Pods of a workload that run or start: none that is being deleted or has ended, no probe of verify, and none of another workload whose
 * labels the selector covers too.
 */
export async function livePods(workload: Workload, cluster: Cluster): Promise<readonly Pod[]> {
  const [pods, controllers] = await Promise.all([
    cluster.list<Pod>(podsOf(workload)),
    controllersOf(workload, cluster),
  ])
  return pods.filter(
    ({ metadata, status }) =>
      isOwn(metadata, controllers) &&
      metadata.deletionTimestamp === undefined &&
      metadata.labels?.[probeLabel] === undefined &&
      status?.phase !== 'Succeeded' &&
      status?.phase !== 'Failed',
  )
}

/** A workload with its pods, which are read once. */
export interface RunningWorkload {
  readonly workload: Workload
  readonly pods: () => Promise<readonly Pod[]>
}

export function running(workload: Workload, cluster: Cluster): RunningWorkload {
  return { workload, pods: shared(() => livePods(workload, cluster)) }
}

/** The uids of what may own a pod of the workload. */
async function controllersOf(workload: Workload, cluster: Cluster): Promise<ReadonlySet<string>> {
  const { uid = '' } = workload.metadata
  if (workload.kind !== 'Deployment') return new Set([uid])
  const sets = await cluster.list<KubeObject>({
    ...podsOf(workload),
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
  })
  const own = sets.filter(({ metadata }) => isOwn(metadata, new Set([uid])))
  return new Set(own.map(({ metadata }) => metadata.uid ?? ''))
}

/** An object without a controller is the workload's by its labels. */
function isOwn({ ownerReferences = [] }: Pod['metadata'], controllers: ReadonlySet<string>): boolean {
  const controller = ownerReferences.find((one) => one.controller === true)
  return controller === undefined || controllers.has(controller.uid)
}

function podsOf(workload: Workload): At {
  const { namespace } = workload.metadata
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    ...(namespace === undefined ? {} : { namespace }),
    ...podSelector(workload),
  }
}
