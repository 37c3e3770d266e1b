// The backends of every kind of route, as they are written; counted here, not by the code of the routers.
import type { BackendRef, HTTPRoute, KubeObject } from '@alt-las/kubernetes'
import type { FakeCluster } from '@alt-las/simulated-cluster'

interface IngressRoute extends KubeObject {
  readonly spec: { readonly routes?: readonly { readonly services?: readonly BackendRef[] }[] }
}

interface TraefikService extends KubeObject {
  readonly spec: { readonly weighted?: { readonly services?: readonly BackendRef[] } }
}

interface VirtualService extends KubeObject {
  readonly spec: {
    readonly http?: readonly {
      readonly route?: readonly {
        readonly destination: { readonly host: string }
        readonly weight?: number
      }[]
    }[]
  }
}

/** One rule, of whatever kind of route. */
export interface RoutedRule {
  readonly refs: readonly BackendRef[]
  /** It is for the audience of the stories alone. */
  readonly isAudience: boolean
  /** One backend without a pod takes the whole rule away. */
  readonly isWhole: boolean
}

/** The header of every story's audience. */
const marker = /x-beta/i

/** The rules that send to Services. */
export function routedRules(cluster: FakeCluster): readonly RoutedRule[] {
  const isAudience = (rule: object) => marker.test(JSON.stringify(rule))
  return [
    ...cluster
      .all<HTTPRoute>('HTTPRoute')
      .flatMap(({ spec }) => spec.rules ?? [])
      .map((rule) => ({ refs: rule.backendRefs ?? [], isAudience: isAudience(rule), isWhole: false })),
    ...cluster
      .all<IngressRoute>('IngressRoute')
      .flatMap(({ spec }) => spec.routes ?? [])
      .map((rule) => ({ refs: rule.services ?? [], isAudience: isAudience(rule), isWhole: true }))
      .filter(({ refs }) => ofServices(refs)),
    ...cluster
      .all<TraefikService>('TraefikService')
      .map(({ spec }) => ({ refs: spec.weighted?.services ?? [], isAudience: false, isWhole: true }))
      .filter(({ refs }) => ofServices(refs)),
    ...cluster
      .all<VirtualService>('VirtualService')
      .flatMap(({ spec }) => spec.http ?? [])
      .map((rule) => ({
        refs: (rule.route ?? []).map(({ destination, weight = 100 }) => ({ name: destination.host, weight })),
        isAudience: isAudience(rule),
        isWhole: false,
      })),
  ]
}

/** Of Traefik's own objects a reference between them is not a backend. */
const ofServices = (refs: readonly BackendRef[]) => refs.every(({ kind = 'Service' }) => kind === 'Service')

/** The backends of each of Traefik's own rules. */
export const traefikRules = (cluster: FakeCluster): readonly (readonly BackendRef[])[] => [
  ...cluster
    .all<IngressRoute>('IngressRoute')
    .flatMap(({ spec }) => (spec.routes ?? []).map(({ services = [] }) => services)),
  ...cluster.all<TraefikService>('TraefikService').map(({ spec }) => spec.weighted?.services ?? []),
]

/** The canary's share in each rule for everybody, of the weight of both, in percent to a tenth; computed here, not by the routers' code. */
export const canaryShares = (cluster: FakeCluster, name = 'web'): readonly number[] =>
  routedRules(cluster).flatMap(({ refs, isAudience }) => (isAudience ? [] : [shareIn(refs, name)]))

/** The same in each rule for the audience. */
export const audienceShares = (cluster: FakeCluster, name = 'web'): readonly number[] =>
  routedRules(cluster).flatMap(({ refs, isAudience }) => (isAudience ? [shareIn(refs, name)] : []))

function shareIn(refs: readonly BackendRef[], target: string): number {
  const [stable, canary] = [target, `${target}-canary`].map((service) =>
    refs
      .filter(({ name, kind = 'Service' }) => kind === 'Service' && name === service)
      .reduce((sum, { weight = 1 }) => sum + weight, 0),
  ) as [number, number]
  return stable + canary === 0 ? 0 : Math.round((1000 * canary) / (stable + canary)) / 10
}
