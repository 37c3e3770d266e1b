import type { At } from '@alt-las/kubernetes'
import { isNamespaced } from '../server/place.ts'

/** What a path of the API asks for. */
export interface Parsed {
  readonly kind: 'objects' | 'resources' | 'log' | 'proxy'
  readonly at: At
  readonly query: URLSearchParams
  /** Behind `/proxy`, with its query. */
  readonly rest: string
}

const kinds = [
  'Namespace',
  'ConfigMap',
  'Secret',
  'Service',
  'ServiceAccount',
  'Pod',
  'Event',
  'Node',
  'Deployment',
  'ReplicaSet',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'Lease',
  'EndpointSlice',
  'HTTPRoute',
  'Gateway',
  'HorizontalPodAutoscaler',
  'NetworkPolicy',
  'PodDisruptionBudget',
  'ResourceQuota',
  'Role',
  'RoleBinding',
  'SelfSubjectAccessReview',
  'TraefikService',
  'IngressRoute',
  'VirtualService',
  'DestinationRule',
] as const

const pluralOf = (kind: string): string => {
  const name = kind.toLowerCase()
  return name.endsWith('y') && !name.endsWith('way') ? `${name.slice(0, -1)}ies` : `${name}s`
}

const kindOf = new Map<string, string>(kinds.map((kind) => [pluralOf(kind), kind]))

/** Every group version serves every kind that is known here: a suite asks only for those that there are. */
export const resources = () =>
  kinds.map((kind) => ({ kind, name: pluralOf(kind), namespaced: isNamespaced(kind) }))

export function parsePath(path: string): Parsed {
  const [place = '', search = ''] = path.split(/\?(.*)/s)
  const parts = place.split('/').slice(1).map(decodeURIComponent)
  const length = parts[0] === 'api' ? 2 : 3
  const apiVersion = parts.slice(1, length).join('/')
  const query = new URLSearchParams(search)
  const objects = parts.slice(length)
  if (objects.length === 0) return { kind: 'resources', at: { apiVersion, kind: '' }, query, rest: '' }
  const isInside = objects[0] === 'namespaces' && objects.length > 2
  const [plural = '', name, what] = isInside ? objects.slice(2) : objects
  const at: At = {
    apiVersion,
    kind: kindOf.get(plural) ?? plural,
    ...(isInside ? { namespace: objects[1] ?? '' } : {}),
    ...(name === undefined ? {} : { name }),
  }
  if (what === 'proxy') return { kind: 'proxy', at, query, rest: path.slice(path.indexOf('/proxy') + 6) }
  return { kind: what === 'log' ? 'log' : 'objects', at, query, rest: '' }
}
