import type { Permission } from '@alt-las/kubernetes'

/** Additional permissions for a dead-man's switch: a runner can only grant permissions that it has. */
export function guardPermissions(namespace: string): readonly Permission[] {
  const on = (group: string, resource: string, verbs: readonly string[]) =>
    verbs.map((verb): Permission => ({ verb, group, resource, namespace }))
  const made = ['get', 'create', 'patch']
  return [
    ...on('', 'configmaps', [...made, 'list', 'delete']),
    ...on('', 'serviceaccounts', made),
    ...on('rbac.authorization.k8s.io', 'roles', made),
    ...on('rbac.authorization.k8s.io', 'rolebindings', made),
    ...on('batch', 'jobs', made),
  ]
}
