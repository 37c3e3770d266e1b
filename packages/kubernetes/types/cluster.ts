import type { KubeObject } from './objects.ts'

/** The address of an object; lists have no `name`. `apiVersion` is `v1` or `group/version`; the kind's plural is discovered. */
export interface At {
  readonly apiVersion: string
  readonly kind: string
  readonly namespace?: string
  readonly name?: string
  readonly labelSelector?: string
  readonly fieldSelector?: string
}

/** RFC 6902; `test` operations make a patch a compare-and-swap. */
export type JsonPatch =
  | { readonly op: 'add' | 'replace' | 'test'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string }

export interface Preconditions {
  readonly uid?: string
  readonly resourceVersion?: string
}

/** How long a write may take at most, in ms from now; asked before every try, and at 0 Failure `too-late` instead of the write. */
export interface Limit {
  readonly leftMs: () => number
}

export interface Permission {
  readonly verb: string
  /** Lower-case plural as RBAC writes it, e.g. `deployments` or `pods/log`. */
  readonly resource: string
  readonly group: string
  readonly namespace?: string
  readonly name?: string
}

/** A permission that the API server denies, with its reason where it gives one. */
export interface Denial extends Permission {
  readonly because: string
}

export interface WatchEvent<T> {
  readonly type: 'added' | 'modified' | 'deleted'
  readonly object: T
}

/**
 * `alive`: the cache is complete up to this event; sent once after the existing objects, then again and again while the watch lives.
 * `lost`: the connection broke and is being resumed; until the next event the cache may be outdated.
 */
export interface Alive {
  readonly type: 'alive' | 'lost'
}

export interface LogOptions {
  readonly container?: string
  readonly previous?: boolean
  readonly tailLines?: number
}

/**
 * The Kubernetes API in eight verbs. null = 404 and nothing else; every other error is a Failure with code
 * `forbidden | conflict | invalid | not-found | unavailable | timeout | too-late | gone | kubernetes`, retried inside if it is transient.
 */
export interface Cluster {
  get<T extends KubeObject>(at: At): Promise<T | null>
  list<T extends KubeObject>(at: At): Promise<readonly T[]>
  watch<T extends KubeObject>(at: At, signal: AbortSignal): AsyncIterable<WatchEvent<T> | Alive>
  /** Server-side apply as field manager `manager`; forces ownership of the fields it sets. */
  apply<T extends KubeObject>(object: T, manager: string, limit?: Limit): Promise<T>
  patch<T extends KubeObject>(at: At, operations: readonly JsonPatch[], limit?: Limit): Promise<T>
  /** Absent already is success. Foreground or background by the server's default; returns once accepted. */
  remove(at: At, only: Preconditions, limit?: Limit): Promise<void>
  may(permissions: readonly Permission[]): Promise<readonly Denial[]>
  /** At most 1 MB. Failure `not-found` where the container has not started, or with `previous` has not ended before. */
  log(at: At, options: LogOptions): Promise<string>
}

/** An apply with `dryRun=All`: the API server validates, defaults and admits the object, and stores nothing. */
export interface DryRun {
  /** The object as an `apply` would leave it. Throws the Failure that the `apply` would throw. */
  dryRun<T extends KubeObject>(object: T, manager: string): Promise<T>
}

/** Whether an object exists, for a caller that may create it and may not read it. */
export interface Existence {
  /** null where the caller may not create it either. */
  exists(at: {
    readonly apiVersion: string
    readonly kind: string
    readonly namespace: string
    readonly name: string
  }): Promise<boolean | null>
}

/** HTTP GET to a Service through the API server's proxy: a hosted runner cannot reach a ClusterIP. */
export interface ServiceProxy {
  /** `path` starts with `/` and may hold a query. Throws Failure for any status that is not 2xx. */
  get(
    service: { readonly namespace: string; readonly name: string; readonly port: string },
    path: string,
  ): Promise<string>
}

/** HTTP GET to a node's kubelet through the API server's proxy; needs `get` on `nodes/proxy`. */
export interface NodeProxy {
  /** `path` starts with `/`. Throws Failure for any status that is not 2xx. */
  get(node: string, path: string): Promise<string>
}

/** One request of somebody else's protocol, and its answer as the pods gave it. */
export interface PassedRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Starts with `/` and may hold a query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
  readonly timeoutMs: number
  readonly signal?: AbortSignal
}

export interface PassedAnswer {
  readonly status: number
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  /** Without its content encoding. */
  readonly body: string
  /** The values of `set-cookie`. */
  readonly cookies?: readonly string[]
  /** Why the body could not be read, as the rest of a sentence. */
  readonly unread?: string
  /** From the moment of sending to the last byte of the body, the API server's own share included. */
  readonly ms: number
}

/** HTTP to a Service or a pod through the API server's proxy, which a runner outside the cluster can reach. */
export interface PassThrough {
  /**
   * Any status of the pods is an answer. Throws a Failure for the API server's own: `forbidden`, `not-found`, or `unavailable` where it
   * does not reach the pods; `timeout` without an answer in time.
   */
  send(
    to: {
      readonly kind: 'service' | 'pod'
      readonly namespace: string
      readonly name: string
      readonly port: string
      readonly scheme: 'http' | 'https'
    },
    request: PassedRequest,
  ): Promise<PassedAnswer>
}

export type ClusterReader = Pick<Cluster, 'get' | 'list'>

/** Also reads logs: why a container has ended. */
export type WorkloadReader = Pick<Cluster, 'get' | 'list' | 'log'>
