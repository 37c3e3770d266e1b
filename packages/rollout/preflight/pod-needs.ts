import type { Container, PodSpec } from '@alt-las/kubernetes'
import type { Amounts, LimitRange } from '../observe/observe-quotas.ts'
import { quantity } from '@alt-las/kubernetes'

/** Requests and limits of a container, with the defaults of the namespace. */
export interface Needs {
  readonly name: string
  readonly requests: Amounts
  readonly limits: Amounts
  /** When it runs: with the containers, from before them on (sidecar), or before them only. */
  readonly runs: 'always' | 'sidecar' | 'before'
}

/** Every container of a pod, the init containers in their order included. */
export function needsOf(spec: PodSpec, ranges: readonly LimitRange[]): readonly Needs[] {
  const before = (spec.initContainers ?? []).map((one) =>
    withDefaults(one, one.restartPolicy === 'Always' ? 'sidecar' : 'before', ranges),
  )
  return [...before, ...spec.containers.map((one) => withDefaults(one, 'always', ranges))]
}

/** A container without requests or limits gets those of the namespace; a limit alone is a request, too. */
function withDefaults(
  { name, resources }: Container,
  runs: Needs['runs'],
  ranges: readonly LimitRange[],
): Needs {
  const own = ranges.flatMap(({ spec }) => spec.limits.filter(({ type }) => type === 'Container'))
  const limits = Object.assign({}, ...own.map((one) => one.default ?? {}), resources?.limits) as Amounts
  const requests = Object.assign(
    {},
    limits,
    ...own.map((one) => one.defaultRequest ?? {}),
    resources?.limits,
    resources?.requests,
  ) as Amounts
  return { name, requests, limits, runs }
}

/** One pod's use of a quota's resource; null if pods do not use it, NaN if a required request is missing. */
export function takenByPod(resource: string, needs: readonly Needs[]): number | null {
  if (resource === 'pods' || resource === 'count/pods') return 1
  const [, kind = 'requests', name = ''] =
    /^(?:(requests|limits)\.)?([a-z][^/]*(?:\/.+)?)$/.exec(resource) ?? []
  if (!isOfPods(resource, name)) return null
  const amount = ({ requests, limits }: Needs) => {
    const said = (kind === 'limits' ? limits : requests)[name]
    return said === undefined ? (mustBeSaid.has(name) ? NaN : 0) : quantity(said)
  }
  // Init containers run one after another, each with the sidecars that were started before it.
  let sidecars = 0
  let most = 0
  for (const one of needs) {
    if (one.runs === 'sidecar') sidecars += amount(one)
    most = Math.max(most, one.runs === 'before' ? sidecars + amount(one) : sidecars)
  }
  const together = needs
    .filter(({ runs }) => runs === 'always')
    .reduce((sum, one) => sum + amount(one), sidecars)
  return Math.max(most, together)
}

const mustBeSaid: ReadonlySet<string> = new Set(['cpu', 'memory'])

/** Compute resources; pods do not use storage and counts of other objects. */
const isOfPods = (resource: string, name: string): boolean =>
  mustBeSaid.has(name) ||
  name === 'ephemeral-storage' ||
  (/^(requests|limits)\./.test(resource) && name.includes('/'))
