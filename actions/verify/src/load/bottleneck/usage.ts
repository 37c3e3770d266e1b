/** What one service did and used while the load ran; null = nothing says it. */
export interface ServiceUsage {
  /** Of the workload. */
  readonly name: string
  readonly pods: number
  readonly served: Served | null
  readonly cpu: CpuUsage | null
  readonly memory: MemoryUsage | null
  readonly connections: ConnectionUsage | null
}

export interface Served {
  readonly perSecond: number
  /** From the head of a request to the end of its answer. */
  readonly meanMs: number
  /** The part of it in which the service waited for other services. */
  readonly callsMs: number | null
}

/** Of the busiest pod. */
export interface CpuUsage {
  readonly cores: number
  readonly limit: number | null
  /** 0..1 of the scheduler's periods in which the limit stopped it. */
  readonly throttled: number | null
}

/** Of the fullest pod. */
export interface MemoryUsage {
  readonly bytes: number
  readonly limit: number | null
}

/** Of all pods together: connections to a database. */
export interface ConnectionUsage {
  readonly used: number
  readonly max: number
  /** Requests that wait for one, on average. */
  readonly pending: number
  /** How long one is used for. */
  readonly useMs: number | null
}

export interface NodeUsage {
  readonly name: string
  readonly cores: number
  readonly capacity: number
}

export interface Usage {
  readonly services: readonly ServiceUsage[]
  readonly nodes: readonly NodeUsage[]
  /** Facts that could not be read, each as a sentence. */
  readonly missing: readonly string[]
}
