import { Failure } from '@alt-las/failure'
import type { Cluster, KubeObject } from '@alt-las/kubernetes'

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

export async function observePolicies(
  namespace: string,
  cluster: Pick<Cluster, 'list'>,
): Promise<ObservedPolicies> {
  const found = await Promise.all(
    kinds.map(async ({ kind, versions }): Promise<ObservedPolicies> => {
      for (const apiVersion of versions) {
        const policies = await listOrNull<Policy>({ apiVersion, kind, namespace }, cluster)
        if (policies === 'forbidden') return { policies: [], unseen: [kind] }
        if (policies !== 'unknown') return { policies, unseen: [] }
      }
      return { policies: [], unseen: [] }
    }),
  )
  return {
    policies: found.flatMap(({ policies }) => policies),
    unseen: found.flatMap(({ unseen }) => unseen),
  }
}

async function listOrNull<T extends KubeObject>(
  at: { readonly apiVersion: string; readonly kind: string; readonly namespace: string },
  cluster: Pick<Cluster, 'list'>,
): Promise<readonly T[] | 'unknown' | 'forbidden'> {
  try {
    return await cluster.list<T>(at)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    if (error.code === 'not-found') return 'unknown'
    if (error.code === 'forbidden') return 'forbidden'
    throw error
  }
}
