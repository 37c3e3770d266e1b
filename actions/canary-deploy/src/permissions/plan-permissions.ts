import { type Permission, plural } from '@alt-las/kubernetes'
import { type Plan, strategyOf, watchedBy } from '@alt-las/rollout'
import { guardPermissions } from './guard-permissions.ts'
import { smokePermissions } from './smoke-permissions.ts'
import { rollingPermissions } from './rolling-permissions.ts'

/** Additional permissions of a plan: for its configuration, its Job, and an autoscaler of the workload. */
export function planPermissions(plan: Plan): readonly Permission[] {
  const { namespace, configs, preDeployJob, watchdogImage } = plan
  const on = (group: string, resource: string, verbs: readonly string[]) =>
    verbs.map((verb): Permission => ({ verb, group, resource, namespace }))
  const has = (kind: string) => configs.some((one) => one.kind === kind)
  const versions = ['get', 'list', 'create', 'patch', 'delete']
  const watched = watchedBy(plan).flatMap(({ apiVersion, kind }) =>
    ['list', 'watch'].map((verb): Permission => {
      const group = apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : ''
      return { verb, group, resource: plural(kind), namespace }
    }),
  )
  return [
    ...watched,
    ...(strategyOf(plan).traffic === 'by-update' ? rollingPermissions(plan) : []),
    ...on('autoscaling', 'horizontalpodautoscalers', ['get', 'list', 'patch']),
    ...(has('ConfigMap') ? on('', 'configmaps', versions) : []),
    // The states of other targets, which may need the same copies.
    ...(configs.length > 0 ? on('', 'configmaps', ['list']) : []),
    ...(has('Secret') ? on('', 'secrets', versions) : []),
    ...(preDeployJob === null ? [] : on('batch', 'jobs', ['get', 'list', 'create', 'patch', 'delete'])),
    ...smokePermissions(plan),
    ...(watchdogImage === null ? [] : guardPermissions(namespace)),
  ]
}
