import type { Permission } from '@alt-las/kubernetes'
import type { Plan } from '@alt-las/rollout'

/** How the API server names the methods that its proxy passes on. */
const verbs: Readonly<Record<string, string>> = {
  GET: 'get',
  HEAD: 'get',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
}

/** API tests reach the new version through the API server's proxy. */
export function smokePermissions({ namespace, smoke = [] }: Plan): readonly Permission[] {
  const used = new Set(smoke.flatMap(({ request }) => verbs[request.method] ?? []))
  return [...used].map((verb) => ({ verb, group: '', resource: 'services/proxy', namespace }))
}
