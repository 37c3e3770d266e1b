import { unlessRefused, type Cluster, type KubeObject } from '@alt-las/kubernetes'

/** Something that says how requests reach a Service, by the Service's name. */
export interface Policy extends KubeObject {
  readonly spec?: {
    readonly targetRef?: PolicyTarget
    readonly targetRefs?: readonly PolicyTarget[]
    /** Of a DestinationRule. */
    readonly host?: string
    readonly trafficPolicy?: unknown
  }
}

export interface PolicyTarget {
  readonly group?: string
  readonly kind?: string
  readonly name?: string
}

export interface ObservedPolicies {
  readonly policies: readonly Policy[]
  /** Kinds that the credentials may not list. */
  readonly unseen: readonly string[]
}

/** In the order in which to ask; of one kind the first version that the cluster knows. */
const kinds = [
  {
    kind: 'BackendTLSPolicy',
    versions: ['gateway.networking.k8s.io/v1', 'gateway.networking.k8s.io/v1alpha3'],
  },
  { kind: 'DestinationRule', versions: ['networking.istio.io/v1'] },
] as const

/** Each stands for itself. */
const codes = { forbidden: 'forbidden', 'not-found': 'not-found' } as const

export async function observePolicies(
  namespace: string,
  cluster: Pick<Cluster, 'list'>,
): Promise<ObservedPolicies> {
  const found = await Promise.all(
    kinds.map(async ({ kind, versions }): Promise<ObservedPolicies> => {
      for (const apiVersion of versions) {
        const policies = await unlessRefused(
          () => cluster.list<Policy>({ apiVersion, kind, namespace }),
          codes,
        )
        if (policies === 'forbidden') return { policies: [], unseen: [kind] }
        if (policies !== 'not-found') return { policies, unseen: [] }
      }
      return { policies: [], unseen: [] }
    }),
  )
  return {
    policies: found.flatMap(({ policies }) => policies),
    unseen: found.flatMap(({ unseen }) => unseen),
  }
}
