import type { Deployment, HTTPRoute, KubeObject, ReplicaSet, Service } from '@alt-las/kubernetes'
import type { FakeCluster } from '@alt-las/simulated-cluster'

/** What another person does to the objects of a rollout, by kubectl or by another tool. */
export interface Act {
  readonly name: string
  /** Objects of the rollout itself; left out: objects that were there before it. */
  readonly on?: 'the rollout'
  /** Its pods go a moment later: a write that was decided before that could be seen may still count on them. */
  readonly isDelayed?: boolean
  /** Does nothing where its object is not there. */
  readonly play: (cluster: FakeCluster) => void
}

const at = (kind: string, name: string, apiVersion = 'v1') => ({ apiVersion, kind, namespace: 'shop', name })
const deploymentAt = (name: string) => at('Deployment', name, 'apps/v1')

function change<T extends KubeObject>(place: ReturnType<typeof at>, changed: (found: T) => T) {
  return (cluster: FakeCluster): void => {
    const found = cluster.peek<T>(place)
    if (found !== null) cluster.put(changed(found))
  }
}

type Template = Deployment['spec']['template']

const retemplated = (name: string, edit: (template: Template) => Template) =>
  change<Deployment>(deploymentAt(name), (found) => ({
    ...found,
    spec: { ...found.spec, template: edit(found.spec.template) },
  }))

/** `kubectl set env`. */
const setEnv = (template: Template): Template => {
  const containers = template.spec.containers.map((one) => ({
    ...one,
    env: [...(one.env ?? []), { name: 'HOTFIX', value: '1' }],
  }))
  return { ...template, spec: { ...template.spec, containers } }
}

/** `kubectl rollout restart`. */
const restart = (template: Template): Template => ({
  ...template,
  metadata: {
    ...template.metadata,
    annotations: {
      ...template.metadata?.annotations,
      'kubectl.kubernetes.io/restartedAt': '2026-01-01T00:00:00Z',
    },
  },
})

const scale = (name: string, replicas: number) =>
  change<Deployment>(deploymentAt(name), (found) => ({ ...found, spec: { ...found.spec, replicas } }))

const select = (selector: Record<string, string>) =>
  change<Service>(at('Service', 'web'), (found) => ({ ...found, spec: { ...found.spec, selector } }))

/** `kubectl rollout undo`: the template of another ReplicaSet of the same Deployment. */
function undo(cluster: FakeCluster): void {
  const web = cluster.peek<Deployment>(deploymentAt('web'))
  const hashed = JSON.stringify(web?.spec.template.spec)
  const earlier = cluster
    .all<ReplicaSet & { readonly spec: { readonly template: Template } }>('ReplicaSet')
    .filter(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => uid === web?.metadata.uid))
    .find(({ spec }) => JSON.stringify(spec.template.spec) !== hashed)
  if (web === null || earlier === undefined) return
  const labels = { app: 'web' }
  const template = {
    ...earlier.spec.template,
    metadata: { ...earlier.spec.template.metadata, labels },
  }
  cluster.put<Deployment>({ ...web, spec: { ...web.spec, template } })
}

const weigh = change<HTTPRoute>(at('HTTPRoute', 'web', 'gateway.networking.k8s.io/v1'), (found) => {
  const rules = found.spec.rules?.map((rule) => ({
    ...rule,
    backendRefs: rule.backendRefs?.map((ref) => ({ ...ref, weight: ref.name === 'web' ? 70 : 30 })) ?? [],
  }))
  return { ...found, spec: { ...found.spec, ...(rules && { rules }) } }
})

/** Somebody sets an autoscaler's bounds, or makes one. */
function autoscale(cluster: FakeCluster): void {
  const place = at('HorizontalPodAutoscaler', 'web', 'autoscaling/v2')
  const metadata = cluster.peek(place)?.metadata ?? { name: 'web', namespace: 'shop' }
  const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }
  const spec = { scaleTargetRef, minReplicas: 4, maxReplicas: 8 }
  cluster.put({ apiVersion: place.apiVersion, kind: place.kind, metadata, spec } as KubeObject)
}

const remove =
  (...places: readonly ReturnType<typeof at>[]) =>
  (cluster: FakeCluster): void => {
    for (const place of places) if (cluster.peek(place) !== null) cluster.drop(place)
  }

const routes = [
  at('HTTPRoute', 'web', 'gateway.networking.k8s.io/v1'),
  at('IngressRoute', 'web', 'traefik.io/v1alpha1'),
  at('VirtualService', 'web', 'networking.istio.io/v1'),
]

export const acts: readonly Act[] = [
  { name: 'edits the template of web', play: retemplated('web', setEnv) },
  { name: 'edits the template of web-canary', on: 'the rollout', play: retemplated('web-canary', setEnv) },
  { name: 'restarts web', play: retemplated('web', restart) },
  { name: 'restarts web-canary', on: 'the rollout', play: retemplated('web-canary', restart) },
  { name: 'undoes the last rollout of web', play: undo },
  { name: 'scales web to 5', play: scale('web', 5) },
  { name: 'scales web to 1', play: scale('web', 1) },
  { name: 'scales web-canary to 1', on: 'the rollout', play: scale('web-canary', 1) },
  { name: 'applies the Service of the repository', play: select({ app: 'web' }) },
  { name: 'points the Service elsewhere', play: select({ app: 'nowhere' }) },
  { name: 'edits the weights of the route', play: weigh },
  { name: 'changes the autoscaler', play: autoscale },
  { name: 'deletes the Deployment web', isDelayed: true, play: remove(deploymentAt('web')) },
  { name: 'deletes the Deployment web-canary', on: 'the rollout', play: remove(deploymentAt('web-canary')) },
  { name: 'deletes the Service web', play: remove(at('Service', 'web')) },
  { name: 'deletes the Service web-canary', on: 'the rollout', play: remove(at('Service', 'web-canary')) },
  { name: 'deletes the route', play: remove(...routes) },
  { name: 'deletes the state', play: remove(at('ConfigMap', 'alt-las-rollout-web')) },
  { name: 'deletes the Lease', play: remove(at('Lease', 'alt-las-rollout-web', 'coordination.k8s.io/v1')) },
]
