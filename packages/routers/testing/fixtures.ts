// Route objects for the tests, one builder per way to write weights.
import type { KubeObject } from '@alt-las/kubernetes'
import type { RouterKind } from '../port/router-kind.ts'
import type { PlannedSplit } from '../port/split.ts'
import type { WeighingRouter } from '../routes/routed-kinds.ts'

/** One backend of a rule: the name of its Service, and its weight where one is written. */
export type Backend = readonly [service: string, weight?: number | undefined]

/** One way to write weights. */
export interface Fixture {
  readonly title: string
  readonly router: WeighingRouter
  readonly kind: string
  /** More than one rule fits into one object. */
  readonly manyRules: boolean
  /** Weights of a rule have to add up to 100. */
  readonly hundred: boolean
  readonly write: (rules: readonly (readonly Backend[])[]) => KubeObject
  readonly read: (object: KubeObject) => readonly (readonly Backend[])[]
}

const metadata = { name: 'web', namespace: 'shop', generation: 1 }
const weighed = (weight: number | undefined) => (weight === undefined ? {} : { weight })

interface Named {
  readonly name: string
  readonly weight?: number
}
interface Destined {
  readonly destination: { readonly host: string }
  readonly weight?: number
}

const named = (port: object) => (rule: readonly Backend[]) =>
  rule.map(([name, weight]) => ({ name, ...port, ...weighed(weight) }))
const backendsOf = (refs: readonly Named[]): readonly Backend[] =>
  refs.map(({ name, weight }) => [name, weight] as const)
const specOf = (object: KubeObject) => (object as unknown as { spec: Record<string, unknown> }).spec

export const fixtures: readonly Fixture[] = [
  {
    title: 'HTTPRoute',
    router: 'gateway-api',
    kind: 'HTTPRoute',
    manyRules: true,
    hundred: false,
    write: (rules) =>
      ({
        apiVersion: 'gateway.networking.k8s.io/v1',
        kind: 'HTTPRoute',
        metadata,
        spec: {
          parentRefs: [{ name: 'atlas' }],
          rules: rules.map((rule) => ({ backendRefs: named({ port: 80 })(rule) })),
        },
      }) as KubeObject,
    read: (object) =>
      ((specOf(object)['rules'] ?? []) as readonly { backendRefs: readonly Named[] }[]).map((rule) =>
        backendsOf(rule.backendRefs),
      ),
  },
  {
    title: 'IngressRoute',
    router: 'traefik',
    kind: 'IngressRoute',
    manyRules: true,
    hundred: false,
    write: (rules) =>
      ({
        apiVersion: 'traefik.io/v1alpha1',
        kind: 'IngressRoute',
        metadata,
        spec: {
          routes: rules.map((rule, index) => ({
            match: `PathPrefix(\`/${index}\`)`,
            services: named({ port: 'http', scheme: 'http' })(rule),
          })),
        },
      }) as KubeObject,
    read: (object) =>
      ((specOf(object)['routes'] ?? []) as readonly { services: readonly Named[] }[]).map((rule) =>
        backendsOf(rule.services),
      ),
  },
  {
    title: 'TraefikService',
    router: 'traefik',
    kind: 'TraefikService',
    manyRules: false,
    hundred: false,
    write: ([rule = []]) =>
      ({
        apiVersion: 'traefik.io/v1alpha1',
        kind: 'TraefikService',
        metadata,
        spec: { weighted: { services: named({ port: 80 })(rule) } },
      }) as KubeObject,
    read: (object) => [backendsOf((specOf(object)['weighted'] as { services: readonly Named[] }).services)],
  },
  {
    title: 'VirtualService',
    router: 'istio',
    kind: 'VirtualService',
    manyRules: true,
    hundred: true,
    write: (rules) =>
      ({
        apiVersion: 'networking.istio.io/v1',
        kind: 'VirtualService',
        metadata,
        spec: {
          hosts: ['web.example.org'],
          http: rules.map((rule) => ({
            route: rule.map(([name, weight]) => ({
              destination: { host: `${name}.shop.svc.cluster.local`, port: { number: 80 } },
              ...weighed(weight),
            })),
          })),
        },
      }) as KubeObject,
    read: (object) =>
      ((specOf(object)['http'] ?? []) as readonly { route: readonly Destined[] }[]).map(({ route }) =>
        route.map(({ destination, weight }) => [destination.host.split('.')[0] ?? '', weight] as const),
      ),
  },
]

export const splitFor = (router: RouterKind, more: Partial<PlannedSplit> = {}): PlannedSplit => ({
  router,
  namespace: 'shop',
  deployment: 'web',
  service: 'web',
  canaryService: 'web-canary',
  route: null,
  steps: [{ weight: 10 }, { weight: 50 }],
  ...more,
})
