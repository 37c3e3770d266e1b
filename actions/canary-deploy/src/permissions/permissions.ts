import { Failure } from '@alt-las/failure'
import { type Cluster, type Denial, type KubeObject, type Permission, plural } from '@alt-las/kubernetes'
import { keySecret } from '@alt-las/rollout'
import { type RouterKind, routeKindsOf } from '@alt-las/routers'
import type { Address } from '@alt-las/telemetry'

/** All permissions of a rollout and its rollback (`objects` are those of the manifests). Checked before the first write: half a rollout is worse than none. */
export function neededPermissions(
  namespace: string,
  objects: readonly KubeObject[],
  metrics: Address | null,
  routers: readonly RouterKind[],
): readonly Permission[] {
  const on = (group: string, resource: string, verbs: readonly string[]) =>
    verbs.map((verb): Permission => ({ verb, group, resource, namespace }))
  // The plan of a rolling update has its own permissions.
  const beside = routers.some((router) => router !== 'none')
  return [
    ...(beside ? on('apps', 'deployments', ['get', 'create', 'patch', 'delete']) : []),
    ...(beside ? on('apps', 'replicasets', ['list']) : []),
    ...on('', 'pods', ['list']),
    ...on('', 'pods/log', ['get']),
    ...on('', 'events', ['list']),
    ...(beside ? on('', 'services', ['get', 'create', 'patch', 'delete']) : []),
    ...(beside ? on('discovery.k8s.io', 'endpointslices', ['list']) : []),
    ...routers
      .flatMap(routeKindsOf)
      .flatMap(({ apiVersion, resource }) => on(groupOf(apiVersion), resource, ['get', 'list', 'patch'])),
    ...on('', 'configmaps', ['get', 'create', 'patch']),
    // The key of the states. A Role may grant it by its name; creation cannot be granted so.
    ...['get', 'patch'].map((verb) => ({ verb, group: '', resource: 'secrets', namespace, name: keySecret })),
    ...on('', 'secrets', ['create']),
    ...on('coordination.k8s.io', 'leases', ['get', 'create', 'patch']),
    ...(metrics?.kind === 'service'
      ? [{ verb: 'get', group: '', resource: 'services/proxy', namespace: metrics.service.namespace }]
      : []),
    ...objects.flatMap(forObject),
  ]
}

/** The denied permissions; each is asked for once, however many parts of a plan need it. */
export function denied(
  needed: readonly Permission[],
  cluster: Pick<Cluster, 'may'>,
): Promise<readonly Denial[]> {
  const all = new Map(needed.map((one) => [sentence(one), one]))
  // A permission for every object of a kind covers each of them.
  const distinct = [...all.values()].filter(
    ({ name, ...every }) => name === undefined || !all.has(sentence(every)),
  )
  return cluster.may(distinct)
}

/** Throws Failure `forbidden` (fault outside) that lists every missing permission. */
export async function requirePermissions(
  needed: readonly Permission[],
  cluster: Pick<Cluster, 'may'>,
): Promise<void> {
  const denials = await denied(needed, cluster)
  if (denials.length === 0) return
  const list = denials.map((one) => `\n- ${sentence(one)}`).join('')
  throw new Failure(
    'forbidden',
    `the credentials lack ${denials.length} permissions, nothing was changed:${list}`,
    {
      fault: 'outside',
      hint: 'the Role in the README of canary-deploy grants them',
    },
  )
}

function forObject({ apiVersion, kind, metadata }: KubeObject): readonly Permission[] {
  const group = groupOf(apiVersion)
  const resource = plural(kind)
  const { namespace, name } = metadata
  return ['get', 'create', 'patch'].map((verb) => ({
    verb,
    group,
    resource,
    ...(namespace === undefined ? {} : { namespace }),
    // A Role may grant an object by its name; creation cannot be granted so.
    ...(verb === 'create' ? {} : { name }),
  }))
}

const groupOf = (apiVersion: string) => (apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '')

const sentence = ({ verb, group, resource, namespace, name }: Permission) =>
  `${verb} ${resource}${group === '' ? '' : `.${group}`}${name === undefined ? '' : ` ${name}`}${namespace === undefined ? '' : ` in ${namespace}`}`
