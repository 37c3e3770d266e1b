import { asFailure, describe, Failure } from '@alt-las/failure'
import { type KubeObject, title } from '@alt-las/kubernetes'
import { configLabel, hash, writtenObjects } from '@alt-las/rollout'
import type { ReleaseInputs, TargetInputs } from '../operation.ts'
import { atOnce, saidOf } from '../operations/at-once.ts'
import { objectsBeside, planTarget, type PlannedTarget } from '../plan/plan-target.ts'
import type { Ports } from '../ports.ts'

export interface ReleaseTarget extends PlannedTarget {
  readonly inputs: TargetInputs
}

/** The plans of all targets, in the order of their needs; only reads. Throws ONE Failure with the problems of all of them. */
export async function planRelease(inputs: ReleaseInputs, ports: Ports): Promise<readonly ReleaseTarget[]> {
  const names = inputs.targets.map(({ deployment }) => deployment)
  const planned = await forEach(inputs.targets, ports, {
    name: ({ deployment }) => deployment,
    work: async (target, own) => {
      const { needs } = target
      const part = {
        targets: [...names].sort(),
        ...(needs.length === 0 ? {} : { needs: [...needs].sort() }),
      }
      const found = await planTarget(target, own, part)
      return { ...found, inputs: target, others: found.others.filter((one) => !isOtherTarget(one, names)) }
    },
  })
  const problems = [...differing(planned), ...(await routesInCommon(planned, ports))]
  if (problems.length > 0) throw together(problems)
  return planned
}

/** The same with the objects that are applied first. */
export const withObjects = (planned: readonly ReleaseTarget[], ports: Ports) =>
  forEach(planned, ports, {
    name: ({ plan }) => plan.deployment,
    work: async (target, own) => ({ ...target, others: await objectsBeside(target, own) }),
  })

interface Each<T, R> {
  readonly name: (item: T) => string
  readonly work: (item: T, ports: Ports) => Promise<R>
}

/** Works on every target before the first write, some at a time. Throws ONE Failure with the problems of all. */
export async function forEach<T, R>(
  items: readonly T[],
  ports: Ports,
  { name, work }: Each<T, R>,
): Promise<readonly R[]> {
  const width = Math.max(...items.map((item) => name(item).length))
  const settled = await atOnce(items, (item) => work(item, saidOf(name(item), width, ports)))
  const errors = settled.flatMap((one, index) =>
    one.status === 'rejected' ? [{ item: items[index] as T, error: one.reason as unknown }] : [],
  )
  const [first] = errors
  if (first !== undefined) {
    const faults = errors.map(({ error }) => asFailure(error).fault)
    const fault = faults.find((one) => one !== 'input') ?? 'input'
    throw together(
      errors.map(({ item, error }) => `${name(item)}: ${describe(error)}`),
      { fault, cause: first.error },
    )
  }
  return settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
}

/** One Failure of several sentences. */
export function together(
  problems: readonly string[],
  { fault = 'input', cause }: { readonly fault?: Failure['fault']; readonly cause?: unknown } = {},
): Failure {
  const [only, second] = problems
  const text = only !== undefined && second === undefined ? `${only}; nothing was changed` : listed(problems)
  return new Failure('bad-release', text, { fault, cause })
}

const listed = (problems: readonly string[]) =>
  `${problems.length} problems, nothing was changed:${problems.map((one) => `\n- ${one}`).join('')}`

/** A folder of manifests may hold the workloads of other targets: each is rolled out by its own plan. */
const isOtherTarget = ({ kind, metadata }: KubeObject, names: readonly string[]): boolean =>
  workloads.has(kind) && names.includes(metadata.name)

const workloads: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'DaemonSet'])

/** An object of two targets is the same in both: they would take each other's content back. */
function differing(planned: readonly PlannedTarget[]): readonly string[] {
  const seen = new Map<string, { readonly by: string; readonly content: string }>()
  return planned.flatMap(({ plan, others }) =>
    others.filter(isOwn).flatMap((object) => {
      const name = title(object)
      const content = hash(object)
      const before = seen.get(name)
      if (before === undefined) {
        seen.set(name, { by: plan.deployment, content })
        return []
      }
      if (before.content === content) return []
      return [
        `${name} differs in the manifests of ${before.by} and ${plan.deployment}: keep it in one file, which both may name`,
      ]
    }),
  )
}

/** A copy of configuration has its content in its name. */
const isOwn = ({ metadata }: KubeObject): boolean => metadata.labels?.[configLabel] === undefined

/** Each object that decides about traffic belongs to one rollout at a time. */
async function routesInCommon(
  planned: readonly PlannedTarget[],
  { cluster }: Ports,
): Promise<readonly string[]> {
  const all = await Promise.all(
    planned.map(async ({ plan }) => {
      return { plan, objects: await writtenObjects({ plan, baseline: { hash: null } }, cluster) }
    }),
  )
  const owners = new Map<string, string>()
  return all.flatMap(({ plan, objects }) =>
    objects.flatMap(({ kind, name = '' }) => {
      const key = `${kind} ${name}`
      const owner = owners.get(key)
      if (owner === undefined) owners.set(key, plan.deployment)
      return owner === undefined || owner === plan.deployment
        ? []
        : [
            `${key} is moved by both ${owner} and ${plan.deployment}, and only one rollout may write it: give each service one of its own`,
          ]
    }),
  )
}
