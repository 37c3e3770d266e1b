import type { Permission } from '@alt-las/kubernetes'

/** What verify's checks use in a namespace: a release that cannot be verified goes back. */
export function verificationPermissions(namespace: string): readonly Permission[] {
  const on = (group: string, resource: string, verbs: readonly string[]) =>
    verbs.map((verb): Permission => ({ verb, group, resource, namespace }))
  return [
    ...on('apps', 'deployments', ['get', 'list']),
    ...['statefulsets', 'daemonsets', 'replicasets'].flatMap((resource) => on('apps', resource, ['list'])),
    ...on('', 'pods', ['get', 'list', 'create', 'patch', 'delete']),
    ...on('', 'pods/log', ['get']),
    ...on('', 'services', ['get', 'list']),
    ...on('', 'configmaps', ['list']),
    ...on('', 'events', ['list']),
    ...on('authorization.k8s.io', 'localsubjectaccessreviews', ['create']),
    ...on('discovery.k8s.io', 'endpointslices', ['list']),
  ]
}
