import type { Deployment, KubeObject, PodSpec, PodTemplate } from '@alt-las/kubernetes'
import type { ConfigVersion } from '../model/plan.ts'
import { type Config, asStored, copyOf, isConfig, versionOf, versionedName } from './config-version.ts'
import { type Reference, credentialsOf, keyOf, referencesOf, renameReferences } from './references.ts'

export interface Versioned {
  /** The workload, referring to the copies. */
  readonly desired: Deployment
  readonly configs: readonly ConfigVersion[]
  /** The objects that are applied first: the copies replace the originals. */
  readonly others: readonly KubeObject[]
  /** Originals that other workloads of the manifests use as well: needed if they do not exist yet. */
  readonly shared: readonly Config[]
}

/**
 * Makes the configuration that the workload refers to, as far as it is in the manifests, a part of the version. An immutable object
 * is already its own version, and stays unchanged. `objects`: those beside the workload, each with its namespace.
 */
export function versionConfigs(
  desired: Deployment,
  objects: readonly KubeObject[],
  namespace: string,
): Versioned {
  const stored = objects.map((one) => (isConfig(one) ? asStored(one) : one))
  const { spec } = desired.spec.template
  const fixed = new Set(credentialsOf(spec).map(keyOf))
  const used = new Set(referencesOf(spec).map(keyOf))
  const isPart = (one: KubeObject): one is Config =>
    isConfig(one) &&
    one.metadata.namespace === namespace &&
    one.immutable !== true &&
    used.has(keyFor(one)) &&
    !fixed.has(keyFor(one))
  const originals = stored.filter(isPart)
  if (originals.length === 0) return { desired, configs: [], others: stored, shared: [] }
  const configs = originals.map(versionOf)
  const elsewhere = new Set(stored.flatMap(podSpecsOf).flatMap(referencesOf).map(keyOf))
  return {
    desired: withConfigs(desired, configs),
    configs,
    others: stored.map((one) => (isPart(one) ? copyOf(one, desired.metadata.name) : one)),
    shared: originals.filter((one) => elsewhere.has(keyFor(one))),
  }
}

/** The workload, or any object with a pod template, with its configuration in these versions. */
export function withConfigs<T extends { readonly spec: { readonly template: PodTemplate } }>(
  workload: T,
  configs: readonly ConfigVersion[],
): T {
  const names = new Map(configs.map((one) => [keyOf(one), one.versioned]))
  const { template } = workload.spec
  const spec = renameReferences(template.spec, (one) => names.get(keyOf(one)) ?? one.name)
  return { ...workload, spec: { ...workload.spec, template: { ...template, spec } } }
}

/** Whether the live object has the content of this version. */
export const isVersion = (live: Config | null, { versioned }: ConfigVersion): boolean =>
  live !== null && versionedName(live) === versioned

const keyFor = ({ kind, metadata }: KubeObject): string =>
  keyOf({ kind: kind as Reference['kind'], name: metadata.name })

/** Of Deployment, StatefulSet, DaemonSet, Job and CronJob. */
function podSpecsOf(object: KubeObject): readonly PodSpec[] {
  const { spec } = object as { readonly spec?: { template?: PodTemplate; jobTemplate?: typeof object } }
  if (spec?.jobTemplate !== undefined) return podSpecsOf(spec.jobTemplate)
  const found = spec?.template?.spec
  return Array.isArray(found?.containers) ? [found as PodSpec] : []
}
