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

/** The backends of every rule, whatever kind of route they are in. */
export function routedRules(cluster: FakeCluster): readonly (readonly BackendRef[])[] {
  return [
    ...cluster
      .all<HTTPRoute>('HTTPRoute')
      .flatMap(({ spec }) => (spec.rules ?? []).map(({ backendRefs = [] }) => backendRefs)),
    ...traefikRules(cluster),
    ...cluster
      .all<VirtualService>('VirtualService')
      .flatMap(({ spec }) =>
        (spec.http ?? []).map(({ route = [] }) =>
          route.map(({ destination, weight = 100 }) => ({ name: destination.host, weight })),
        ),
      ),
  ]
}

/** Those of Traefik's own objects; a reference between them is not a backend. */
export function traefikRules(cluster: FakeCluster): readonly (readonly BackendRef[])[] {
  return [
    ...cluster
      .all<IngressRoute>('IngressRoute')
      .flatMap(({ spec }) => (spec.routes ?? []).map(({ services = [] }) => services)),
    ...cluster
      .all<TraefikService>('TraefikService')
      .flatMap(({ spec }) => (spec.weighted?.services === undefined ? [] : [spec.weighted.services])),
  ].filter((refs) => refs.every(({ kind = 'Service' }) => kind === 'Service'))
}

/** The canary's share in each rule of the weight of both, in percent to a tenth; computed here, not by the routers' code. */
export const canaryShares = (cluster: FakeCluster): readonly number[] =>
  routedRules(cluster).map((refs) => {
    const [stable, canary] = ['web', 'web-canary'].map((service) =>
      refs
        .filter(({ name, kind = 'Service' }) => kind === 'Service' && name === service)
        .reduce((sum, { weight = 1 }) => sum + weight, 0),
    ) as [number, number]
    return stable + canary === 0 ? 0 : Math.round((1000 * canary) / (stable + canary)) / 10
  })
