import type { Environment } from '../environment/environment.ts'
import type { Manifest } from '../../../lab/parts/apply.ts'

/** A check that must say no, and a part of its sentence. */
export interface Expected {
  /** `kind name` of the check. */
  readonly check: string
  readonly because: RegExp
}

/** What is applied and removed. Undoing applies the environment's own objects again, and removes those that it does not have. */
export interface Change {
  readonly apply?: readonly Manifest[]
  readonly remove?: readonly Manifest[]
  /** Inputs of verify that depend on what was changed. */
  readonly inputs?: Readonly<Record<string, string>>
}

/** Something wrong with a running environment. */
export interface Defect {
  /** What is wrong, as a person would report it. */
  readonly name: string
  readonly change: (environment: Environment) => Change | Promise<Change>
  /** What no object says. Resolves to what undoes it. */
  readonly act?: (environment: Environment) => Promise<() => Promise<void>>
  /** Every check that must report it; no other may. */
  readonly found: readonly Expected[]
  /** Inputs of verify beside the usual ones. */
  readonly inputs?: (environment: Environment) => Readonly<Record<string, string>>
  /** Whether it shows; waited for after planting, and for its absence after undoing. Left out: the workloads' rollouts are waited for. */
  readonly shows?: (environment: Environment) => Promise<boolean>
  /** The workloads do not become ready with it, which verify has to find. */
  readonly neverReady?: true
}

type Fields = Readonly<Record<string, unknown>>

/** The environment's own object. */
export function own({ objects }: Pick<Environment, 'objects'>, kind: string, name: string): Manifest {
  const found = objects.find((one) => one.kind === kind && one.metadata.name === name)
  if (found === undefined) throw new Error(`the environment has no ${kind} ${name}`)
  return found
}

interface Workload extends Manifest {
  readonly spec: { readonly template: { readonly spec: PodSpec } }
}

export interface PodSpec extends Fields {
  readonly containers: readonly Container[]
  readonly volumes?: readonly object[]
  readonly securityContext?: object
}

export interface Container extends Fields {
  readonly name: string
  readonly env?: readonly object[]
  readonly securityContext?: Fields
}

/** The Deployment with another pod. */
export function withPod(deployment: Manifest, change: (pod: PodSpec) => PodSpec): Manifest {
  const { spec } = deployment as Workload
  const template = { ...spec.template, spec: change(spec.template.spec) }
  return { ...deployment, spec: { ...spec, template } }
}

/** The Deployment with other fields of its container. */
export const withContainer = (deployment: Manifest, change: (container: Container) => Fields): Manifest =>
  withPod(deployment, (pod) => ({
    ...pod,
    containers: pod.containers.map((one) => ({ ...one, ...change(one) })),
  }))

/** The Pod Security standard is lifted: with it, the API server refuses the pod before anybody can find it. */
export function unguarded(environment: Environment): Manifest {
  const namespace = own(environment, 'Namespace', environment.namespace)
  const { labels = {} } = namespace.metadata
  const lifted = Object.entries(labels).map(([key, value]) => [
    key,
    key === 'pod-security.kubernetes.io/enforce' ? 'privileged' : value,
  ])
  return {
    ...namespace,
    metadata: {
      ...namespace.metadata,
      labels: Object.fromEntries(lifted) as Readonly<Record<string, string>>,
    },
  }
}
