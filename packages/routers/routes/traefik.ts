import { createHash } from 'node:crypto'
import type { KubeObject } from '@alt-las/kubernetes'
import { traefikAudience } from '../audience/traefik-audience.ts'
import type { RouteKind, Rule } from './route-kind.ts'
import { type BackendKind, relativeWeights } from '../weights/weigher.ts'

/** A backend of an IngressRoute or a weighted TraefikService; more fields (port, scheme, serversTransport, …) are copied as they are. */
interface TraefikBackend {
  readonly kind?: string
  readonly name: string
  readonly namespace?: string
  readonly port?: number | string
  readonly weight?: number
  readonly sticky?: unknown
}

interface IngressRoute extends KubeObject {
  readonly spec: {
    readonly routes?: readonly { readonly match?: string; readonly services?: readonly TraefikBackend[] }[]
  }
}

interface TraefikService extends KubeObject {
  readonly spec: {
    readonly weighted?: { readonly services?: readonly TraefikBackend[]; readonly sticky?: unknown }
  }
}

const backend: BackendKind<TraefikBackend> = {
  is: (ref, name, pair) =>
    (ref.kind ?? 'Service') === 'Service' &&
    ref.name === name &&
    (ref.namespace ?? pair.namespace) === pair.namespace,
  weight: ({ weight }) => weight ?? null,
  port: ({ port }) => port ?? null,
  weighed: (ref, weight) => ({ ...ref, weight }),
  forCanary: (ref, { canaryService }) => ({ ...ref, name: canaryService }),
}

const weigher = relativeWeights(backend)

const common = {
  apiVersion: 'traefik.io/v1alpha1',
  backend,
  weigher,
  // Traefik drops the whole route if one backend has no ready pod, even at weight 0 (unless allowEmptyServices is set), so the canary is removed.
  atZero: weigher.withoutCanary,
  smallest: () => 0.1,
  notAccepted: () => null,
  accepted: 'written; Traefik reports no status on its own objects',
} as const

/** Weights of the services of an IngressRoute's routes. */
export const ingressRoutes: RouteKind<TraefikBackend> = {
  ...common,
  kind: 'IngressRoute',
  resource: 'ingressroutes',
  field: 'routes',
  audience: traefikAudience,
  countedAs: ({ metadata, spec }: KubeObject & { readonly spec?: unknown }, index) => {
    const { match = '' } = (spec as IngressRoute['spec']).routes?.[index] ?? {}
    return `${metadata.namespace ?? ''}-${metadata.name}-${keyOf(match)}`.replaceAll(/[^A-Za-z0-9]+/g, '-')
  },
  rules: (object) =>
    ((object as IngressRoute).spec.routes ?? []).map(({ services = [] }, index) => ({
      names: [],
      path: `/spec/routes/${index}/services`,
      refs: services,
      sticky: false,
    })),
}

/** Traefik names the service of a route with a single backend after the route: by the first ten bytes of the hash of its rule. */
const keyOf = (match: string): string => createHash('sha256').update(match).digest('hex').slice(0, 20)

/** Weights of a TraefikService. */
export const traefikServices: RouteKind<TraefikBackend> = {
  ...common,
  kind: 'TraefikService',
  resource: 'traefikservices',
  field: 'weighted',
  audience: null,
  rules: (object): readonly Rule<TraefikBackend>[] => {
    const { weighted } = (object as TraefikService).spec
    if (weighted?.services === undefined) return []
    const sticky = weighted.sticky !== undefined
    return [{ names: [], path: '/spec/weighted/services', refs: weighted.services, sticky }]
  },
}
