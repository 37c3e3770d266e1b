import { type Permission, plural } from '@alt-las/kubernetes'
import type { Plan } from '@alt-las/rollout'

/** A rolling update writes its workload, and removes pods for which a StatefulSet would wait for ever. */
export function rollingPermissions({
  namespace,
  workload,
  service,
}: Pick<Plan, 'namespace' | 'workload' | 'service'>): readonly Permission[] {
  const on = (group: string, resource: string, verbs: readonly string[]) =>
    verbs.map((verb): Permission => ({ verb, group, resource, namespace }))
  return [
    ...on('apps', plural(workload), ['get', 'create', 'patch', 'delete']),
    ...(workload === 'Deployment' ? on('apps', 'replicasets', ['list']) : []),
    ...(workload === 'StatefulSet' ? on('', 'pods', ['delete']) : []),
    ...(service === ''
      ? []
      : [...on('', 'services', ['get', 'patch']), ...on('discovery.k8s.io', 'endpointslices', ['list'])]),
  ]
}
