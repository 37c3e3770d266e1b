import type { Permission } from '@alt-las/kubernetes'
import { type Plan, strategyOf } from '@alt-las/rollout'

/** How the API server names the methods that its proxy passes on. */
const verbs: Readonly<Record<string, string>> = {
  GET: 'get',
  HEAD: 'get',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
}

/** API tests reach the new version through the API server's proxy; a rolling update starts a pod for them that no Service selects. */
export function smokePermissions(plan: Plan): readonly Permission[] {
  const { namespace, smoke } = plan
  if (smoke === undefined) return []
  const on = (resource: string, names: readonly string[]) =>
    names.map((verb): Permission => ({ verb, group: '', resource, namespace }))
  const used = [...new Set(smoke.flatMap(({ request }) => verbs[request.method] ?? []))]
  return strategyOf(plan).hasSecondVersion
    ? on('services/proxy', used)
    : [
        ...on('pods/proxy', used),
        ...on('pods', ['get', 'list', 'create', 'patch', 'delete']),
        ...on('services', ['list']),
      ]
}
