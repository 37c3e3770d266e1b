import type { At, Cluster, DryRun, ServiceProxy } from '@alt-las/kubernetes'
import type { Call } from '../server/api-server.ts'
import { atOf } from '../server/place.ts'

export type Whole = Cluster & DryRun & { readonly proxy: ServiceProxy }

/** Decides what becomes of a call: `operation` makes it, on whichever cluster. */
export type Passing = <T>(call: Call, operation: (cluster: Whole) => Promise<T>) => Promise<T>

const access: At = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview' }

/** How a runner fares: a watch is silent for the dead, and for the paused until they are woken. */
export interface Life {
  readonly isDead: () => boolean
  /** null: it is awake. */
  readonly woken: () => Promise<void> | null
}

const awake: Life = { isDead: () => false, woken: () => null }

/** A cluster of which every call goes by `pass`; a watch counts as one call, made with its first word. */
export function each(pass: Passing, life: Life = awake): Whole {
  return {
    get: (at) => pass({ verb: 'get', at }, (cluster) => cluster.get(at)),
    list: (at) => pass({ verb: 'list', at }, (cluster) => cluster.list(at)),
    watch: (at, signal) => watched({ pass, life }, at, signal) as never,
    apply: (object, manager, limit) =>
      pass({ verb: 'apply', at: atOf(object), body: object }, (cluster) =>
        cluster.apply(object, manager, limit),
      ),
    dryRun: (object, manager) =>
      pass({ verb: 'dry-run', at: atOf(object), body: object }, (cluster) => cluster.dryRun(object, manager)),
    patch: (at, operations, limit) =>
      pass({ verb: 'patch', at, body: operations }, (cluster) => cluster.patch(at, operations, limit)),
    remove: (at, only, limit) =>
      pass({ verb: 'remove', at, body: only }, (cluster) => cluster.remove(at, only, limit)),
    may: (permissions) =>
      pass({ verb: 'may', at: access, body: permissions }, (cluster) => cluster.may(permissions)),
    log: (at, options) => pass({ verb: 'log', at, body: options }, (cluster) => cluster.log(at, options)),
    proxy: {
      get: (service, path) => {
        const at = { apiVersion: 'v1', kind: 'Service', namespace: service.namespace, name: service.name }
        return pass({ verb: 'proxy', at, body: path }, (cluster) => cluster.proxy.get(service, path))
      },
    },
  }
}

type Watched = ReturnType<Cluster['watch']>

async function* watched(
  { pass, life }: { readonly pass: Passing; readonly life: Life },
  at: At,
  signal: AbortSignal,
): AsyncGenerator<unknown> {
  const opened = await pass({ verb: 'watch', at }, (cluster) => {
    const events: Watched = cluster.watch(at, signal)
    return Promise.resolve(events)
  })
  for await (const seen of opened) {
    const woken = life.woken()
    if (woken !== null) await woken
    if (life.isDead()) await new Promise(() => undefined)
    yield seen
  }
}
