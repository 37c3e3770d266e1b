import { Failure } from '@alt-las/failure'
import { type Cluster, type KubeObject, type Secret, title } from '@alt-las/kubernetes'
import { hash } from '../model/hash.ts'
import type { ConfigVersion, Plan } from '../model/plan.ts'
import { isVersion } from './config-plan.ts'
import { type Config, contentOf, isConfig } from './config-version.ts'
import { configAt, read } from './configs.ts'

/**
 * Finds before the first write what would otherwise fail half-way. `objects`: those that are applied first. Throws Failure `bad-configs` (fault
 * input) with the remedy.
 */
export async function checkConfigs(
  plan: Pick<Plan, 'kind' | 'namespace' | 'configs' | 'release'>,
  objects: readonly KubeObject[],
  cluster: Pick<Cluster, 'get'>,
): Promise<void> {
  const problems = await Promise.all([
    ...objects.filter(isFixed).map((one) => checkFixed(one, cluster)),
    ...plan.configs.map((one) => checkPlain(one, plan, { objects, cluster })),
    ...(plan.kind === 'rollback' ? plan.configs.map((one) => checkCopy(one, plan, cluster)) : []),
  ])
  const found = problems.filter((one) => one !== null)
  if (found.length > 0) throw new Failure('bad-configs', found.join('; '), { fault: 'input' })
}

/** Those of the manifests that are missing from the cluster. */
export async function missingConfigs(
  configs: readonly Config[],
  cluster: Pick<Cluster, 'get'>,
): Promise<readonly Config[]> {
  const live = await Promise.all(
    configs.map(({ kind, metadata }) =>
      cluster.get(configAt(kind, metadata.name, metadata.namespace ?? 'default')),
    ),
  )
  return configs.filter((_, index) => live[index] === null)
}

const isFixed = (one: KubeObject): one is Config => isConfig(one) && one.immutable === true

/** An immutable object is its own version: other content needs another name. */
async function checkFixed(wanted: Config, cluster: Pick<Cluster, 'get'>): Promise<string | null> {
  const { name, namespace = 'default' } = wanted.metadata
  const live = await cluster.get<Config>(configAt(wanted.kind, name, namespace))
  return live === null || hash(contentOf(live)) === hash(contentOf(wanted))
    ? null
    : `${title(wanted)} is immutable in the manifests and has other content in the cluster: give it a new name, or remove \`immutable\`: every version gets its own immutable copy`
}

async function checkPlain(
  { kind, name, versioned }: ConfigVersion,
  { namespace }: Pick<Plan, 'namespace'>,
  { objects, cluster }: { readonly objects: readonly KubeObject[]; readonly cluster: Pick<Cluster, 'get'> },
): Promise<string | null> {
  const live = await read(kind, name, namespace, cluster)
  if (live === null || isVersion(live, { kind, name, versioned })) return null
  if (live.immutable === true)
    return `${title(live)} is immutable in the cluster with other content: give the one in the manifests a new name`
  const wanted = objects.find((one) => one.kind === kind && one.metadata.name === versioned)
  const types = [live, wanted].map((one) => (one as Secret | undefined)?.type ?? 'Opaque')
  return kind === 'Secret' && wanted !== undefined && types[0] !== types[1]
    ? `${title(live)} is of type ${types[0] ?? ''} in the cluster and of ${types[1] ?? ''} in the manifests: a type never changes, give it a new name`
    : null
}

async function checkCopy(
  { kind, versioned }: ConfigVersion,
  { namespace, release }: Pick<Plan, 'namespace' | 'release'>,
  cluster: Pick<Cluster, 'get'>,
): Promise<string | null> {
  return (await read(kind, versioned, namespace, cluster)) === null
    ? `the ${kind} ${namespace}/${versioned} of ${release} does not exist any more: deploy that version again from its manifests`
    : null
}
