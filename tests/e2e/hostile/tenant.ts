import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { written } from '../rollouts/target.ts'
import type { Stack } from '../stack.ts'

/** A person who may do with ConfigMaps of one namespace what they like, and nothing else. */
export interface Tenant {
  kubectl(...args: readonly string[]): Promise<string>
}

interface Kubeconfig {
  readonly clusters: readonly { readonly name: string }[]
}

/** A ServiceAccount with such a Role, and a kubeconfig that knows it by its token alone. */
export async function admitTenant(stack: Stack, namespace: string): Promise<Tenant> {
  const name = 'tenant'
  const api = 'rbac.authorization.k8s.io'
  const metadata = { name, namespace }
  const file = written([
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    {
      apiVersion: `${api}/v1`,
      kind: 'Role',
      metadata,
      rules: [
        {
          apiGroups: [''],
          resources: ['configmaps'],
          verbs: ['get', 'list', 'create', 'update', 'patch', 'delete'],
        },
      ],
    },
    {
      apiVersion: `${api}/v1`,
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: api, kind: 'Role', name },
      subjects: [{ kind: 'ServiceAccount', name, namespace }],
    },
  ])
  await stack.kubectl('apply', '--filename', file)
  const token = (await stack.kubectl('create', 'token', name, '--namespace', namespace)).trim()
  const view = await stack.kubectl('config', 'view', '--raw', '--minify', '--output', 'json')
  const { clusters } = JSON.parse(view) as Kubeconfig
  const context = { cluster: clusters[0]?.name, user: name, namespace }
  const kubeconfig = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters,
    users: [{ name, user: { token } }],
    contexts: [{ name, context }],
    'current-context': name,
  }
  const path = join(mkdtempSync(join(tmpdir(), 'tenant-')), 'config')
  writeFileSync(path, JSON.stringify(kubeconfig), { mode: 0o600 })
  // The last kubeconfig of a command counts.
  return { kubectl: (...args) => stack.kubectl('--kubeconfig', path, ...args) }
}
