import { Failure } from '@alt-las/failure'
import type { Cluster, Container, KubeObject } from '@alt-las/kubernetes'
import type { Plan } from '../model/plan.ts'
import { formatQuantity, quantity } from './quantity.ts'

interface ResourceQuota extends KubeObject {
  readonly status?: {
    readonly hard?: Readonly<Record<string, string>>
    readonly used?: Readonly<Record<string, string>>
  }
}

type Amounts = Readonly<Record<string, string>>

interface LimitRange extends KubeObject {
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

/** One sentence per quota or limit of the namespace that does not allow `extra` more pods, or that may not be read. */
export async function quotaProblems(
  plan: Plan,
  extra: number,
  cluster: Pick<Cluster, 'list'>,
): Promise<readonly string[]> {
  const { namespace } = plan
  try {
    const [quotas, ranges] = await Promise.all([
      cluster.list<ResourceQuota>({ apiVersion: 'v1', kind: 'ResourceQuota', namespace }),
      cluster.list<LimitRange>({ apiVersion: 'v1', kind: 'LimitRange', namespace }),
    ])
    const containers = plan.desired.spec.template.spec.containers.map((one) => withDefaults(one, ranges))
    return [
      ...quotas.flatMap((quota) => overQuota(quota, containers, extra)),
      ...ranges.flatMap((range) => outOfRange(range, containers)),
    ]
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'forbidden') throw error
    return ['quotas are not known: the credentials may not list resourcequotas and limitranges']
  }
}

interface Needs {
  readonly name: string
  readonly requests: Amounts
  readonly limits: Amounts
}

/** A container without requests or limits gets those of the namespace; a limit alone is a request, too. */
function withDefaults({ name, resources }: Container, ranges: readonly LimitRange[]): Needs {
  const own = ranges.flatMap(({ spec }) => spec.limits.filter(({ type }) => type === 'Container'))
  const limits = Object.assign({}, ...own.map((one) => one.default ?? {}), resources?.limits) as Amounts
  const requests = Object.assign(
    {},
    limits,
    ...own.map((one) => one.defaultRequest ?? {}),
    resources?.limits,
    resources?.requests,
  ) as Amounts
  return { name, requests, limits }
}

function overQuota(
  { metadata, status }: ResourceQuota,
  containers: readonly Needs[],
  extra: number,
): readonly string[] {
  return Object.entries(status?.hard ?? {}).flatMap(([resource, hard]) => {
    const one = perPod(resource, containers)
    if (one === null) return []
    const where = `ResourceQuota ${metadata.name}: ${resource}`
    if (Number.isNaN(one))
      return [`${where} is limited, and a container of the template has no request for it`]
    const left = quantity(hard) - quantity(status?.used?.[resource] ?? '0')
    if (one * extra <= left + 1e-9) return []
    const shown = (value: number) => formatQuantity(value, resource)
    return [
      `${where} has ${shown(Math.max(0, left))} of ${shown(quantity(hard))} left, ${extra} more pods need ${shown(one * extra)}`,
    ]
  })
}

/** One pod's use of the resource; null if pods do not use it, NaN if a container has no request. */
function perPod(resource: string, containers: readonly Needs[]): number | null {
  if (resource === 'pods' || resource === 'count/pods') return 1
  const [, kind = 'requests', name = ''] = /^(?:(requests|limits)\.)?(cpu|memory)$/.exec(resource) ?? []
  if (name === '') return null
  return containers.reduce((sum, one) => {
    const amount = (kind === 'limits' ? one.limits : one.requests)[name]
    return sum + (amount === undefined ? NaN : quantity(amount))
  }, 0)
}

function outOfRange({ metadata, spec }: LimitRange, containers: readonly Needs[]): readonly string[] {
  return spec.limits
    .filter(({ type }) => type === 'Container')
    .flatMap(({ max = {}, min = {} }) =>
      containers.flatMap(({ name, requests, limits }) => [
        ...beyond(max, limits, (value, bound) => value > bound).map(
          (what) => `LimitRange ${metadata.name}: container ${name} may have at most ${what}`,
        ),
        ...beyond(min, requests, (value, bound) => value < bound).map(
          (what) => `LimitRange ${metadata.name}: container ${name} must request at least ${what}`,
        ),
      ]),
    )
}

function beyond(
  bounds: Amounts,
  given: Amounts,
  isBeyond: (value: number, bound: number) => boolean,
): readonly string[] {
  return Object.entries(bounds).flatMap(([resource, bound]) => {
    const value = given[resource]
    if (value === undefined || !isBeyond(quantity(value), quantity(bound))) return []
    return [`${bound} ${resource}, the template has ${value}`]
  })
}
