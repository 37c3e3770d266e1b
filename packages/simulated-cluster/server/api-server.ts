// The API server: stores objects by its rules, answers calls, and feeds watches.
import { Failure } from '@alt-las/failure'
import type {
  At,
  Cluster,
  Denial,
  DryRun,
  KubeObject,
  Limit,
  LogOptions,
  Permission,
  WatchEvent,
  ServiceProxy,
} from '@alt-las/kubernetes'
import { isEstablished, type Definition } from './definition.ts'
import { frozen } from '../values/frozen.ts'
import { atOf } from './place.ts'
import { createStore, type Store, type StoreOptions, type StoreState, type Notify } from './store.ts'
import { watching, type Watcher } from './watch.ts'

export type Verb =
  'get' | 'list' | 'watch' | 'apply' | 'dry-run' | 'patch' | 'remove' | 'may' | 'log' | 'proxy'

/** One call on the port as it was made; `body` is the applied object, the operations, the preconditions or the log options. */
export interface Call {
  readonly verb: Verb
  readonly at: At
  readonly body?: unknown
}

/** Throwing in a hook is how a test refuses a call, or kills the caller: before the operation, or after it was committed. */
export interface Hooks {
  beforeCall?: (call: Call) => void | Promise<void>
  afterCall?: (call: Call) => void | Promise<void>
  /** After each committed write, also those by `put`: the place for simulated controllers and for invariants. */
  onWrite?: (seen: WatchEvent<KubeObject>) => void
}

export interface CallFilter {
  readonly verb?: Verb
  readonly kind?: string
  readonly name?: string
}

export interface FakeCluster extends Cluster, DryRun {
  readonly proxy: ServiceProxy
  readonly hooks: Hooks
  /** Every call so far, in order. */
  readonly calls: readonly Call[]
  /** The call that changes the cluster at this moment; null while a controller or a test writes. For `onWrite`. */
  current(): Call | null
  /** The calls that change objects. */
  writes(): readonly Call[]
  /** The object as it is, without a call. */
  peek<T extends KubeObject>(at: At): T | null
  /** All objects of a kind, or of all kinds, without a call. */
  all<T extends KubeObject>(kind?: string): readonly T[]
  /** Stores an object as a controller would: no call, no permission, status included. */
  put<T extends KubeObject>(object: T): T
  /** Removes an object with all that it owns, without a call. */
  drop(at: At): void
  /** The next call that fits fails so; `after`: it is committed first. */
  failNext(filter: CallFilter, error: unknown, when?: 'before' | 'after'): void
  /** Removes an object as the API does where the server is `graceful`, without a call. */
  end(at: At): void
  /** The newest resourceVersion. */
  version(): number
  /** The resourceVersion of the last write to a kind; without one: of the last birth or death of anything. */
  changed(kind?: string): number
  /** Watches that are open. */
  watches(): number
  /** Every open watch gives a sign of life. */
  beat(): void
  /** All that is stored, shared and never changed: for snapshots. */
  state(): StoreState
  /** The same as of so many writes ago, as far as the server remembers. */
  past(writes: number): StoreState
  /** Denied by `may`; calls are not refused by it, use `failNext` for that. */
  deny(permission: Pick<Permission, 'verb' | 'resource'>): void
}

export interface FakeClusterOptions extends Pick<StoreOptions, 'from' | 'graceful' | 'complete'> {
  readonly objects?: readonly KubeObject[]
  /** The text of a container's log. */
  readonly log?: (at: At, options: LogOptions) => string
  readonly proxy?: (service: { readonly namespace: string; readonly name: string }, path: string) => string
  /** ISO 8601, for creationTimestamp. */
  readonly now?: () => string
}

interface Planned {
  readonly filter: CallFilter
  readonly error: unknown
  readonly when: 'before' | 'after'
}

/** Field manager of JSON patches, as the real client sends it. */
const manager = 'alt-las-delivery'

const access = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview' }

/** An API server in memory. Every call is recorded, can be refused, and can be the last one of its caller. */
export function fakeCluster(options: FakeClusterOptions = {}): FakeCluster {
  const calls: Call[] = []
  const planned: Planned[] = []
  const denied: Pick<Permission, 'verb' | 'resource'>[] = []
  const hooks: Hooks = {}
  const watchers = new Set<Watcher>()
  const notify: Notify = (seen, previous) => {
    for (const one of watchers) one.notify(seen, previous)
    hooks.onWrite?.(seen)
  }
  const store = createStore({ ...options, notify, now: options.now ?? (() => '2026-01-01T00:00:00Z') })
  for (const object of options.objects ?? []) store.save(object)

  const call = async <T>(made: Call, operation: () => T): Promise<T> => {
    calls.push(frozen(made))
    // A turn of the loop, so that two callers in one test really interleave.
    await Promise.resolve()
    await hooks.beforeCall?.(made)
    failAsPlanned(planned, made, 'before')
    const result = served(made, operation)
    failAsPlanned(planned, made, 'after')
    await hooks.afterCall?.(made)
    return result
  }

  let current: Call | null = null
  const served = <T>(made: Call, operation: () => T): T => {
    current = made
    try {
      return operation()
    } finally {
      current = null
    }
  }

  return {
    current: () => current,
    ...looking(store),
    ...reading(call, store, options),
    ...writing(call, store),
    hooks,
    calls,
    state: () => store.state(),
    version: () => store.version(),
    changed: (kind) => store.changed(kind),
    watches: () => watchers.size,
    beat: () => {
      for (const one of watchers) one.beat()
    },
    past: (writes) => store.past(writes),
    writes: () => calls.filter(({ verb }) => ['apply', 'patch', 'remove'].includes(verb)),
    failNext: (filter, error, when = 'before') => void planned.push({ filter, error, when }),
    deny: (permission) => void denied.push(permission),
    watch: (at, signal) =>
      watching(
        call({ verb: 'watch', at }, () => store.select(at)),
        watchers,
        at,
        signal,
      ) as never,
    may: (permissions) =>
      call({ verb: 'may', at: access, body: permissions }, () =>
        permissions
          .filter((one) => denied.some((no) => no.verb === one.verb && no.resource === one.resource))
          .map((one): Denial => ({ ...one, because: 'no rule grants it' })),
      ),
  }
}

type Caller = <T>(made: Call, operation: () => T) => Promise<T>

function looking(store: Store): Pick<FakeCluster, 'peek' | 'all' | 'put' | 'drop' | 'end'> {
  return {
    peek: (at) => (store.find(at) ?? null) as never,
    all: (kind) => store.all(kind) as never,
    put: (object) => store.save(object) as never,
    drop: (at) => {
      store.erase(at)
    },
    end: (at) => {
      store.remove(at, {})
    },
  }
}

function reading(
  call: Caller,
  store: Store,
  options: FakeClusterOptions,
): Pick<FakeCluster, 'get' | 'list' | 'log' | 'proxy'> {
  return {
    get: (at) =>
      call({ verb: 'get', at }, () => {
        checkServed(at, store)
        return store.find(at) ?? null
      }) as never,
    list: (at) =>
      call({ verb: 'list', at }, () => {
        checkServed(at, store)
        return store.select(at)
      }) as never,
    log: (at, wanted) =>
      call({ verb: 'log', at, body: wanted }, () => {
        if (store.find({ ...at, apiVersion: 'v1', kind: 'Pod' }) === undefined) throw missing(at)
        return options.log?.(at, wanted) ?? ''
      }),
    proxy: {
      get: ({ namespace, name }, path) =>
        call(
          { verb: 'proxy', at: { apiVersion: 'v1', kind: 'Service', namespace, name }, body: path },
          () => {
            if (options.proxy === undefined)
              throw missing({ apiVersion: 'v1', kind: 'Service', namespace, name })
            return options.proxy({ namespace, name }, path)
          },
        ),
    },
  }
}

function writing(call: Caller, store: Store): Pick<FakeCluster, 'apply' | 'dryRun' | 'patch' | 'remove'> {
  return {
    dryRun: (object, manager) =>
      call({ verb: 'dry-run', at: atOf(object), body: object }, () => {
        checkServed(object, store)
        return store.dryRun(object, manager)
      }) as never,
    apply: (object, manager, limit) =>
      call({ verb: 'apply', at: atOf(object), body: object }, () => {
        inTime(limit)
        checkServed(object, store)
        return store.apply(object, manager)
      }) as never,
    patch: (at, operations, limit) =>
      call({ verb: 'patch', at, body: operations }, () => {
        inTime(limit)
        return store.patch(at, operations, manager)
      }) as never,
    remove: (at, only, limit) =>
      call({ verb: 'remove', at, body: only }, () => {
        inTime(limit)
        store.remove(at, only)
      }),
  }
}

function inTime(limit: Limit | undefined): void {
  if (limit === undefined || limit.leftMs() > 0) return
  throw new Failure('too-late', 'the time in which this write was allowed is over', { fault: 'outside' })
}

/** What a definition defines is there once that is established. */
function checkServed({ apiVersion, kind }: Pick<At, 'apiVersion' | 'kind'>, store: Store): void {
  const waits = store
    .all('CustomResourceDefinition')
    .some((one) => isDefinitionOf(one, { apiVersion, kind }) && !isEstablished(one))
  if (waits)
    throw new Failure('not-found', `the cluster has no kind ${kind} of ${apiVersion}`, { fault: 'input' })
}

function isDefinitionOf(
  one: KubeObject,
  { apiVersion, kind }: Pick<At, 'apiVersion' | 'kind'>,
): one is Definition {
  const { spec } = one as Definition
  return spec.names.kind === kind && apiVersion.startsWith(`${spec.group}/`)
}

function failAsPlanned(planned: Planned[], { verb, at }: Call, when: Planned['when']): void {
  const fits = ({ filter }: Planned) =>
    (filter.verb ?? verb) === verb &&
    (filter.kind ?? at.kind) === at.kind &&
    (filter.name ?? at.name) === at.name
  const index = planned.findIndex((one) => one.when === when && fits(one))
  if (index >= 0) throw planned.splice(index, 1)[0]?.error
}

const missing = (at: At) =>
  new Failure('not-found', `${at.kind} ${at.namespace ?? ''}/${at.name ?? ''} does not exist`, {
    fault: 'outside',
  })
