/** What `on-quiet` may take where the traffic of the history is too little for a proof. */
export type QuietWay = 'synthetic' | 'smoke' | 'abort'

/** What was taken at the first look; saved, so that a resumed run goes the same way. */
export interface Quiet {
  /** `on-undecided`: it waits for whatever traffic comes, and that input decides at the end. */
  readonly taken: QuietWay | 'on-undecided'
  /** The figures of the forecast, and why the ways before it were not possible. */
  readonly because: string
  /** `synthetic`: requests a second over all addresses. */
  readonly rate?: number
  /** `smoke`: the last look at the new version's pods and logs. */
  readonly soak?: Soak
}

/** A look at the pods of the new version, which has too little traffic to be judged by it. */
export interface Soak {
  /** ms since 1970. */
  readonly at: number
  readonly pods: number
  /** Restarts of their containers, at the first look and now. */
  readonly restarts: { readonly first: number; readonly now: number }
  /** Log lines that were read. */
  readonly lines: number
  /** Why it is not healthy; null = it is. */
  readonly trouble: string | null
}

/** GETs of one address through the gateway. */
export interface SyntheticStream {
  /** `http://…` or `https://…`, as the gateway serves it to users. */
  readonly url: string
  /** Requests a second; null: only where `on-quiet` takes `synthetic`, at the rate that the proof needs. */
  readonly rate: number | null
}

/** ms since 1970. */
export interface Visited {
  readonly from: number
  readonly until: number
}
