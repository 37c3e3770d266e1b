import type { At } from '@alt-las/kubernetes'
import type { Plan } from '../plan.ts'

/** The objects that hold the weights of each router; none where stable's Service holds them, or nothing does. */
export function routePlaces({ router, namespace }: Plan): readonly At[] {
  switch (router) {
    case 'gateway-api':
      return [{ apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', namespace }]
    case 'traefik':
      return ['IngressRoute', 'TraefikService'].map((kind) => ({
        apiVersion: 'traefik.io/v1alpha1',
        kind,
        namespace,
      }))
    case 'istio':
      return [{ apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', namespace }]
    case 'replicas':
    case 'service':
    case 'none':
      return []
  }
}
