import { unlessRefused, type Cluster, type KubeObject } from '@alt-las/kubernetes'

export type Amounts = Readonly<Record<string, string>>

export interface ResourceQuota extends KubeObject {
  readonly spec?: {
    readonly scopes?: readonly string[]
    readonly scopeSelector?: { readonly matchExpressions?: readonly QuotaScope[] }
  }
  readonly status?: { readonly hard?: Amounts; readonly used?: Amounts }
}

export interface QuotaScope {
  readonly scopeName: string
  readonly operator: string
  readonly values?: readonly string[]
}

export interface LimitRange extends KubeObject {
  readonly spec: {
    readonly limits: readonly {
      readonly type: string
      readonly max?: Amounts
      readonly min?: Amounts
      readonly default?: Amounts
      readonly defaultRequest?: Amounts
    }[]
  }
}

export interface ObservedQuotas {
  readonly quotas: readonly ResourceQuota[]
  readonly ranges: readonly LimitRange[]
}

/** null where the credentials may not list them. */
export async function observeQuotas(
  namespace: string,
  cluster: Pick<Cluster, 'list'>,
): Promise<ObservedQuotas | null> {
  const both = async () => {
    const [quotas, ranges] = await Promise.all([
      cluster.list<ResourceQuota>({ apiVersion: 'v1', kind: 'ResourceQuota', namespace }),
      cluster.list<LimitRange>({ apiVersion: 'v1', kind: 'LimitRange', namespace }),
    ])
    return { quotas, ranges }
  }
  return unlessRefused(both, { forbidden: null })
}
