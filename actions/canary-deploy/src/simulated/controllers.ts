import type {
  Deployment,
  EndpointSlice,
  HTTPRoute,
  KubeObject,
  Pod,
  ReplicaSet,
  Service,
} from '@alt-las/kubernetes'
import type { FakeCluster } from '@alt-las/testing'
import { hash } from '../plan.ts'

/** How the pods of an image behave. */
export type Behaviour = 'ready' | 'crash' | 'pending'

export interface Lab {
  readonly cluster: FakeCluster
  readonly behaviour: (image: string) => Behaviour
}

/** One round of all controllers: each goes one step towards what is wanted. */
export function reconcile(lab: Lab): void {
  for (const one of lab.cluster.all<Deployment>('Deployment')) reconcileDeployment(one, lab)
  for (const one of lab.cluster.all<ReplicaSet>('ReplicaSet')) reconcileSet(one, lab)
  for (const one of lab.cluster.all<Service>('Service')) reconcileEndpoints(one, lab)
  for (const one of lab.cluster.all<HTTPRoute>('HTTPRoute')) acceptRoute(one, lab)
}

function reconcileDeployment(deployment: Deployment, { cluster }: Lab): void {
  const { spec, metadata } = deployment
  const wanted = spec.replicas ?? 1
  const podHash = hash(spec.template)
  const sets = ownedBy<ReplicaSet>('ReplicaSet', deployment, cluster)
  const newest = sets.find((one) => one.metadata.labels?.['pod-template-hash'] === podHash)
  const revision = 1 + Math.max(0, ...sets.map(revisionOf))
  if (newest === undefined) {
    cluster.put(newSet(deployment, podHash, revision))
  } else {
    // The real controller, too, gives an old set that is wanted again the newest revision.
    const isNewest = sets.every((one) => revisionOf(one) <= revisionOf(newest))
    const annotations = isNewest ? newest.metadata.annotations : numbered(revision)
    const metadata = { ...newest.metadata, ...(annotations === undefined ? {} : { annotations }) }
    cluster.put({ ...newest, metadata, spec: { ...newest.spec, replicas: wanted } })
    const readyNew = podsOf(newest, cluster).filter(isReady).length
    for (const old of sets.filter((one) => one !== newest))
      cluster.put({ ...old, spec: { ...old.spec, replicas: Math.max(0, wanted - readyNew) } })
  }
  const pods = ownedBy<ReplicaSet>('ReplicaSet', deployment, cluster).flatMap((one) => podsOf(one, cluster))
  const updated = pods.filter((one) => one.metadata.labels?.['pod-template-hash'] === podHash)
  const ready = pods.filter(isReady).length
  cluster.put({
    ...deployment,
    status: {
      observedGeneration: metadata.generation ?? 1,
      replicas: pods.length,
      updatedReplicas: updated.length,
      readyReplicas: ready,
      availableReplicas: ready,
    },
  } as Deployment)
}

function newSet(deployment: Deployment, podHash: string, revision: number): ReplicaSet {
  const { template, replicas, selector } = deployment.spec
  const labels = { ...template.metadata?.labels, 'pod-template-hash': podHash }
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${deployment.metadata.name}-${podHash}`,
      namespace: deployment.metadata.namespace ?? 'default',
      labels,
      annotations: numbered(revision),
      ownerReferences: [owner(deployment)],
    },
    spec: { replicas: replicas ?? 1, selector, template: { ...template, metadata: { labels } } },
  }
}

const numbered = (revision: number) => ({ 'deployment.kubernetes.io/revision': String(revision) })

const revisionOf = (set: ReplicaSet) =>
  Number(set.metadata.annotations?.['deployment.kubernetes.io/revision'] ?? 0)

function reconcileSet(set: ReplicaSet, lab: Lab): void {
  const { cluster } = lab
  const pods = podsOf(set, cluster)
  const wanted = set.spec.replicas ?? 1
  for (const pod of pods) cluster.put(grown(pod, lab))
  const used = new Set(pods.map((one) => one.metadata.name))
  for (let i = 0, missing = wanted - pods.length; missing > 0; i += 1) {
    const name = `${set.metadata.name}-${String(i)}`
    if (used.has(name)) continue
    cluster.put(newPod(set, name))
    missing -= 1
  }
  for (const pod of pods.slice(wanted)) cluster.drop(at(pod))
}

function newPod(set: ReplicaSet, name: string): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: set.metadata.namespace ?? 'default',
      labels: set.metadata.labels ?? {},
      ownerReferences: [owner(set)],
    },
    spec: set.spec.template?.spec ?? { containers: [] },
    status: { phase: 'Pending' },
  }
}

/** A pod gets ready, or crashes, one round after it was made. */
function grown(pod: Pod, { behaviour }: Lab): Pod {
  const container = pod.spec.containers[0]
  const name = container?.name ?? ''
  switch (behaviour(container?.image ?? '')) {
    case 'pending':
      return pod
    case 'ready':
      return {
        ...pod,
        status: {
          phase: 'Running',
          conditions: [{ type: 'Ready', status: 'True' }],
          containerStatuses: [{ name, ready: true, restartCount: 0, state: { running: {} } }],
        },
      }
    case 'crash':
      return {
        ...pod,
        status: {
          phase: 'Running',
          conditions: [{ type: 'Ready', status: 'False' }],
          containerStatuses: [
            {
              name,
              ready: false,
              restartCount: 2,
              state: {
                waiting: { reason: 'CrashLoopBackOff', message: 'back-off 20s restarting failed container' },
              },
              lastState: {
                terminated: {
                  exitCode: 3,
                  reason: 'Error',
                  startedAt: '2026-01-01T00:00:00Z',
                  finishedAt: '2026-01-01T00:00:01Z',
                },
              },
            },
          ],
        },
      }
  }
}

function reconcileEndpoints(service: Service, { cluster }: Lab): void {
  const selected = selectedPods(service, cluster)
  const slice: EndpointSlice = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: `${service.metadata.name}-slice`,
      namespace: service.metadata.namespace ?? 'default',
      labels: { 'kubernetes.io/service-name': service.metadata.name },
      ownerReferences: [owner(service)],
    },
    endpoints: selected.map((pod) => ({
      addresses: [pod.metadata.name],
      conditions: { ready: isReady(pod) },
    })),
  }
  cluster.put(slice)
}

function acceptRoute(route: HTTPRoute, { cluster }: Lab): void {
  const observedGeneration = route.metadata.generation ?? 1
  const conditions = ['Accepted', 'ResolvedRefs'].map((type) => ({
    type,
    status: 'True' as const,
    observedGeneration,
  }))
  const parents = (route.spec.parentRefs ?? []).map((parentRef) => ({ parentRef, conditions }))
  cluster.put({ ...route, status: { parents } })
}

/** Pods that the Service's selector takes in, ready or not. */
export function selectedPods(service: Service, cluster: FakeCluster): readonly Pod[] {
  const wanted = Object.entries(service.spec.selector ?? {})
  return cluster
    .all<Pod>('Pod')
    .filter((pod) => pod.metadata.namespace === service.metadata.namespace)
    .filter((pod) => wanted.every(([key, value]) => pod.metadata.labels?.[key] === value))
}

export const isReady = (pod: Pod): boolean =>
  pod.status?.conditions?.some((one) => one.type === 'Ready' && one.status === 'True') === true

const podsOf = (set: ReplicaSet, cluster: FakeCluster) => ownedBy<Pod>('Pod', set, cluster)

function ownedBy<T extends KubeObject>(
  kind: string,
  { metadata }: KubeObject,
  cluster: FakeCluster,
): readonly T[] {
  return cluster
    .all<T>(kind)
    .filter((one) => one.metadata.ownerReferences?.some((reference) => reference.uid === metadata.uid))
}

const owner = ({ kind, metadata }: KubeObject) => ({
  kind,
  name: metadata.name,
  uid: metadata.uid ?? '',
  controller: true,
})

const at = ({ apiVersion, kind, metadata }: KubeObject) => ({
  apiVersion,
  kind,
  name: metadata.name,
  namespace: metadata.namespace ?? 'default',
})
