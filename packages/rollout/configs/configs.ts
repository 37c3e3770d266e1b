// ConfigMaps and Secrets as part of a version: copies under hashed names, which go when no release needs them any more.
import { Failure } from '@alt-las/failure'
import {
  type At,
  type Cluster,
  type ClusterReader,
  type Deployment,
  type JsonPatch,
  compareAndSwap,
  sameVersion,
} from '@alt-las/kubernetes'
import { manager } from '../model/names.ts'
import type { FormerConfigs, ClusterObservation } from '../model/observation.ts'
import { type ConfigVersion, type Plan, workloadAt } from '../model/plan.ts'
import { isVersion } from './config-plan.ts'
import {
  type Config,
  configLabel,
  contentOf,
  copyOf,
  labelFor,
  plainOf,
  versionOf,
} from './config-version.ts'
import { keyOf, referencesOf } from './references.ts'

/** Whether the plain names have the plan's content. */
export async function observeConfigs(
  { namespace, configs }: Pick<Plan, 'namespace' | 'configs'>,
  cluster: Pick<Cluster, 'get'>,
): Promise<ClusterObservation['configs']> {
  if (configs.length === 0) return 'none'
  const live = await Promise.all(configs.map((one) => read(one.kind, one.name, namespace, cluster)))
  return configs.every((one, index) => isVersion(live[index] ?? null, one)) ? 'released' : 'pending'
}

/** Configuration that the live workload uses by plain name and the plan will change: a rollback returns to a copy of it. */
export async function observeFormer(
  { namespace, configs }: Pick<Plan, 'namespace' | 'configs'>,
  live: Deployment | null,
  cluster: Pick<Cluster, 'get'>,
): Promise<FormerConfigs> {
  const found = await formerConfigs(configs, { live, namespace }, cluster)
  const versions = found.map(versionOf)
  const copies = await Promise.all(
    versions.map(({ kind, versioned }) => read(kind, versioned, namespace, cluster)),
  )
  return { configs: versions, kept: copies.every((one) => one !== null) }
}

/** Copies the live workload's configuration before anything of the plan is applied. */
export async function keepConfigs(plan: Plan, cluster: Pick<Cluster, 'get' | 'apply'>): Promise<void> {
  const { namespace, configs, deployment } = plan
  const live = await cluster.get<Deployment>(workloadAt(plan))
  for (const one of await formerConfigs(configs, { live, namespace }, cluster))
    await cluster.apply(copyOf({ ...one, metadata: { ...one.metadata, namespace } }, deployment), manager)
}

/** Writes the plan's content under the plain names. Throws Failure `config-gone` (fault outside) if others removed a version. */
export async function releaseConfigs(
  { namespace, configs }: Plan,
  cluster: Pick<Cluster, 'get' | 'apply' | 'patch'>,
): Promise<void> {
  for (const one of configs) {
    if (isVersion(await read(one.kind, one.name, namespace, cluster), one)) continue
    const copy = await read(one.kind, one.versioned, namespace, cluster)
    if (copy === null) throw gone(one, namespace)
    const wanted = plainOf(copy, one)
    const applied = await cluster.apply(wanted, manager)
    if (isVersion(applied, one)) continue
    // Otherwise it would be written again and again.
    if (!isVersion(await replaceContent(applied, wanted, cluster), one)) throw changed(one, namespace)
  }
}

/** Apply keeps keys that others wrote, but a version has only its own keys. */
async function replaceContent(
  { kind, metadata, ...live }: Config,
  wanted: Config,
  cluster: Pick<Cluster, 'patch'>,
): Promise<Config> {
  const { data, binaryData } = contentOf(wanted) as Partial<Record<string, object>>
  const { name, namespace } = metadata
  const binary: readonly JsonPatch[] =
    binaryData !== undefined
      ? [{ op: 'add', path: '/binaryData', value: binaryData }]
      : 'binaryData' in live
        ? [{ op: 'remove', path: '/binaryData' }]
        : []
  const at = { apiVersion: 'v1', kind, name, ...(namespace === undefined ? {} : { namespace }) }
  return compareAndSwap<Config>(
    at,
    [sameVersion({ metadata }), { op: 'add', path: '/data', value: data }, ...binary],
    cluster,
  )
}

export interface Needs {
  readonly needed: readonly ConfigVersion[]
  /** Kinds to list. Without any Secret in a version, no permission to list Secrets is needed. */
  readonly kinds: readonly ConfigVersion['kind'][]
  /** Their configuration is needed, too. */
  readonly live: readonly Deployment[]
}

/** Unused copies of this target: neither in `needed` nor named by a live workload. */
export async function staleConfigs(
  { namespace, deployment }: Plan,
  { needed, kinds, live }: Needs,
  cluster: Pick<Cluster, 'list'>,
): Promise<readonly Config[]> {
  const labelSelector = `${configLabel}=${labelFor(deployment)}`
  const lists = await Promise.all(
    [...new Set(kinds)].map((kind) =>
      cluster.list<Config>({ apiVersion: 'v1', kind, namespace, labelSelector }),
    ),
  )
  const kept = new Set([
    ...needed.map(({ kind, versioned }) => keyOf({ kind, name: versioned })),
    ...live.flatMap((one) => referencesOf(one.spec.template.spec)).map(keyOf),
  ])
  return lists
    .flat()
    .filter((one) => !kept.has(keyOf({ kind: one.kind as ConfigVersion['kind'], name: one.metadata.name })))
}

async function formerConfigs(
  configs: readonly ConfigVersion[],
  { live, namespace }: { readonly live: Deployment | null; readonly namespace: string },
  cluster: Pick<Cluster, 'get'>,
): Promise<readonly Config[]> {
  if (live === null || configs.length === 0) return []
  const used = new Set(referencesOf(live.spec.template.spec).map(keyOf))
  const own = configs.filter((one) => used.has(keyOf(one)))
  const found = await Promise.all(own.map((one) => read(one.kind, one.name, namespace, cluster)))
  return found.filter((one) => one !== null)
}

export const read = (
  kind: ConfigVersion['kind'],
  name: string,
  namespace: string,
  cluster: Pick<ClusterReader, 'get'>,
): Promise<Config | null> => cluster.get<Config>(configAt(kind, name, namespace))

export const configAt = (kind: string, name: string, namespace: string): At => ({
  apiVersion: 'v1',
  kind,
  namespace,
  name,
})

const changed = ({ kind, name }: ConfigVersion, namespace: string) =>
  new Failure('config-changed', `the ${kind} ${namespace}/${name} does not keep its written content`, {
    fault: 'outside',
    hint: 'find the webhook or controller that changes it, and remove it from the manifests',
  })

const gone = ({ kind, versioned }: ConfigVersion, namespace: string) =>
  new Failure('config-gone', `the ${kind} ${namespace}/${versioned} does not exist any more`, {
    fault: 'outside',
    hint: 'deploy the wanted version again from its manifests',
  })
