import type { Pod, PodTemplate, Service } from '@alt-las/kubernetes'
import { canaryName, podHash, unpinned } from '@alt-las/routers'
import type { Plan } from '../model/plan.ts'

export type Labels = Readonly<Record<string, string>>

/** A Service's selector, without the pin of a rollout; null = no selector. */
export function selectorOf(service: Service | null): Labels | null {
  if (service === null || service.spec.type === 'ExternalName') return null
  const selector = unpinned(service.spec.selector ?? {})
  return Object.keys(selector).length === 0 ? null : selector
}

/** The entries of the selector that these labels lack, as `key=value`. */
export const lacking = (selector: Labels, labels: Labels | undefined): readonly string[] =>
  Object.entries(selector)
    .filter(([key, value]) => labels?.[key] !== value)
    .map((entry) => entry.join('='))

export const selects = (selector: Labels | null, { labels }: { readonly labels?: Labels }): boolean =>
  selector !== null && lacking(selector, labels).length === 0

/** `Deployment shop/web` of a pod, by its owner; the pod itself where nothing owns it. */
export function ownerOf({ metadata }: Pod): { readonly kind: string; readonly name: string } {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller !== false)
  if (owner === undefined) return { kind: 'Pod', name: metadata.name }
  const hash = metadata.labels?.[podHash]
  const end = `-${hash ?? ''}`
  // A ReplicaSet's name is that of its Deployment and a hash of its template.
  return owner.kind === 'ReplicaSet' && hash !== undefined && owner.name.endsWith(end)
    ? { kind: 'Deployment', name: owner.name.slice(0, -end.length) }
    : { kind: owner.kind, name: owner.name }
}

/** Role of a pod: of the plan's workload, of a rollout's second version, or other. */
export function roleOf(pod: Pod, { workload, deployment }: Plan): 'stable' | 'canary' | 'other' {
  const { kind, name } = ownerOf(pod)
  if (kind === workload && name === deployment) return 'stable'
  return kind === 'Deployment' && name === canaryName(deployment) ? 'canary' : 'other'
}

/** Ports by name that a Service sends to and the pods do not have. */
export function lackingPorts(service: Service, pod: Pick<PodTemplate, 'spec'>): readonly string[] {
  const names = portsOf(pod).map(({ name }) => name)
  return targetsOf(service).filter(
    (port): port is string => typeof port === 'string' && !names.includes(port),
  )
}

/** Ports by name or number that only `after` sends to, and that these pods do not declare; pods without declared ports are ignored. */
export function newPorts(before: Service, after: Service, pod: Pick<PodTemplate, 'spec'>): readonly string[] {
  const declared = portsOf(pod)
  const known = targetsOf(before)
  const isThere = (port: number | string) =>
    typeof port === 'string'
      ? declared.some(({ name }) => name === port)
      : declared.length === 0 || declared.some(({ containerPort }) => containerPort === port)
  return targetsOf(after)
    .filter((port) => !known.includes(port) && !isThere(port))
    .map(String)
}

export const hasPort = (pod: Pick<PodTemplate, 'spec'>, port: string): boolean =>
  portsOf(pod).some(({ name }) => name === port)

const targetsOf = ({ spec }: Service): readonly (number | string)[] =>
  (spec.ports ?? []).map(({ port, targetPort = port }) => targetPort)

const portsOf = ({ spec }: Pick<PodTemplate, 'spec'>) =>
  [...spec.containers, ...(spec.initContainers ?? [])].flatMap(({ ports = [] }) => ports)
