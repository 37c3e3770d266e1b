import { type At, type Cluster, type DryRun, type Permission, plural } from '@alt-las/kubernetes'
import type { FakeCluster } from '@alt-las/simulated-cluster'

/** One verb on one resource, such as `patch deployments.apps`; with a name where RBAC can limit it to one object: `get secrets x`. */
export type Right = string

export const right = ({ verb, group, resource, name }: Omit<Permission, 'namespace'>): Right =>
  `${verb} ${resource}${group === '' ? '' : `.${group}`}${name === undefined ? '' : ` ${name}`}`

/** A cluster that notes every right that its caller uses. What the caller asks `may` for is noted apart. */
export function recordingCluster(cluster: FakeCluster): {
  readonly cluster: Cluster & DryRun
  readonly used: ReadonlySet<Right>
  readonly askedFor: ReadonlySet<Right>
} {
  const used = new Set<Right>()
  const askedFor = new Set<Right>()
  const note = (verbs: readonly string[], at: Pick<At, 'apiVersion' | 'kind' | 'name'>): void => {
    for (const verb of verbs) used.add(right({ verb, ...resourceOf(at) }))
  }
  // A server-side apply is a PATCH, and a creation where the object is missing.
  const applying = ['create', 'patch']
  return {
    used,
    askedFor,
    cluster: {
      get: (at) => (note(['get'], at), cluster.get(at)),
      list: (at) => (note(['list'], at), cluster.list(at)),
      watch: (at, signal) => (note(['list', 'watch'], at), cluster.watch(at, signal)),
      apply: (object, manager, limit) => (note(applying, object), cluster.apply(object, manager, limit)),
      dryRun: (object, manager) => (note(applying, object), cluster.dryRun(object, manager)),
      patch: (at, operations, limit) => (note(['patch'], at), cluster.patch(at, operations, limit)),
      remove: (at, only, limit) => (note(['delete'], at), cluster.remove(at, only, limit)),
      log: (at, options) => (used.add('get pods/log'), cluster.log(at, options)),
      may: (permissions) => {
        for (const { verb, group, resource } of permissions) askedFor.add(right({ verb, group, resource }))
        return cluster.may(permissions)
      },
    },
  }
}

const resourceOf = ({ apiVersion, kind }: Pick<At, 'apiVersion' | 'kind'>) => ({
  group: apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '',
  resource: plural(kind),
})
