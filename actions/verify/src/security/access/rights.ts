import type { Permission } from '@alt-las/kubernetes'

/** `list secrets`, `create pods/exec`, `patch deployments.apps`. */
export type RightName = string

/** Rights with which a pod could leave its task: read secrets, run code, or give itself more. A workload that serves requests needs none. */
export const rightsOfWorkloads: readonly RightName[] = [
  '* *.*',
  'get secrets',
  'list secrets',
  'list configmaps',
  'patch configmaps',
  'list pods',
  'create pods',
  'delete pods',
  'create pods/exec',
  'get pods/log',
  'create services/proxy',
  'create serviceaccounts/token',
  'impersonate serviceaccounts',
  'patch deployments.apps',
  'create jobs.batch',
  'create rolebindings.rbac.authorization.k8s.io',
  'patch networkpolicies.networking.k8s.io',
]

/** Rights in the namespace that no release, verification or rollback uses. */
export const beyondDeploying: readonly RightName[] = [
  '* *.*',
  'get secrets',
  'list secrets',
  'delete secrets',
  'create pods/exec',
  'create pods/attach',
  'patch pods/ephemeralcontainers',
  'create serviceaccounts/token',
  'impersonate serviceaccounts',
  'escalate roles.rbac.authorization.k8s.io',
  'delete persistentvolumeclaims',
  'delete networkpolicies.networking.k8s.io',
]

/** Rights in the whole cluster that a deployer of one namespace never has. */
export const beyondNamespace: readonly RightName[] = [
  '* *.*',
  'list secrets',
  'create pods',
  'patch namespaces',
  'delete namespaces',
  'get nodes/proxy',
  'impersonate users',
  'create clusterrolebindings.rbac.authorization.k8s.io',
]

/** RBAC knows no name for everything: `*` as verb, group and resource. */
export function permissionOf(right: RightName): Pick<Permission, 'verb' | 'group' | 'resource'> {
  const [verb = '', what = ''] = right.split(' ')
  const dot = what.indexOf('.')
  return dot < 0
    ? { verb, group: '', resource: what }
    : { verb, group: what.slice(dot + 1), resource: what.slice(0, dot) }
}

/** `everything` alone, where everything is held: the rest follows from it. */
export function named(held: readonly RightName[]): string {
  if (held.includes('* *.*')) return 'everything'
  const shown = held.slice(0, 6).join(', ')
  return held.length > 6 ? `${shown} and ${held.length - 6} more` : shown
}
