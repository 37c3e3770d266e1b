/** What a rollout meets; plain JSON, so that others can write their own. Times in seconds since the canary's first request. */
export interface Scenario {
  readonly name: string
  /** `healthy`: it must not be rolled back. `bad`: it must not be promoted. */
  readonly truth: 'healthy' | 'bad'
  /** Requests per second of both versions together. */
  readonly rps: number
  /** Stable's error rate, 0..1. */
  readonly base: number
  /** The router's smallest weight, 0..1; 0.01 by default. */
  readonly least?: number
  /** A weight that is never changed, instead of the policy's own; the rollout then lasts until `max-duration`. */
  readonly weight?: number
  /** What is wrong with the canary. */
  readonly canary?: readonly Fault[]
  /** What both versions suffer at the same time. */
  readonly incidents?: readonly Incident[]
  /** The error rate grows by this factor per half hour, evenly. */
  readonly drift?: number
  /** The traffic swings by this share, up and down, within ten minutes. */
  readonly swing?: number
  readonly bursts?: Bursts
  /** A pod of either version, now and then, for a block. */
  readonly hiccups?: Hiccups
  /** The source distinguishes stable's pods. */
  readonly pods?: boolean
  /** This share of both versions' answers takes ten times as long: misses of a cache. */
  readonly misses?: number
  /** A failed request is tried again: failures come in batches of 1 to this many. */
  readonly retries?: number
  /** The canary gets this many times what its weight says. */
  readonly bias?: number
  /** Chance per block that the scrape is lost. */
  readonly gaps?: number
  /** So many scrapes are lost in a row; 1 by default. */
  readonly gapLength?: number
  /** Chance per block and version that its counters begin again, and what was not scraped is lost. */
  readonly resets?: number
  /** Up to so many seconds between the scrapes of stable and canary. */
  readonly misaligned?: number
  /** The canary's latency, times this at its start, falling off within 20 s. */
  readonly coldStart?: number
  /** Both versions' latency jumps by about this share from block to block, together. */
  readonly jitter?: number
  /** There is nothing to look back at. */
  readonly noHistory?: boolean
  /** What comes once all traffic is on the canary. */
  readonly afterSwitch?: AfterSwitch
}

/** Times of its faults and incidents are in seconds since `at`. */
export interface AfterSwitch {
  /** Seconds since the switch; `random`: anywhere in the first nine minutes. */
  readonly at: number | 'random'
  readonly canary?: readonly Fault[]
  readonly incidents?: readonly Incident[]
}

export interface Fault {
  readonly from?: number
  /** Until the end by default. */
  readonly lasts?: number
  /** Only while the canary's weight is above this. */
  readonly aboveWeight?: number
  /** Added to the error rate, 0..1. */
  readonly errors?: number
  /** The error rate, times this. */
  readonly times?: number
  /** Latency, times this. */
  readonly slow?: number
  /** This share of the answers takes ten times as long. */
  readonly tail?: number
  /** It answers only this share of its requests; the others never end. */
  readonly answers?: number
}

export interface Incident {
  readonly from: number
  readonly lasts: number
  readonly errors?: number
  readonly slow?: number
  /** This share of both versions' answers takes ten times as long. */
  readonly tail?: number
  /** The traffic, times this. */
  readonly traffic?: number
}

/** Each pod has this chance per block to fail so many more of its requests, 0..1. */
export interface Hiccups {
  readonly chance: number
  readonly errors: number
}

/** Error rates that jump from block to block: gamma with this shape, for both together, for each version, or for each of its ten pods. */
export interface Bursts {
  readonly of: 'both' | 'version' | 'pod'
  readonly shape: number
}
