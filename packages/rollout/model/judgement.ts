import type { Counts, State, Verdict, Watch } from '@alt-las/judge'
import type { Quiet } from './quiet.ts'

export interface ArmFigures extends Counts {
  /** 95th percentile of the latency in seconds; null = unknown. */
  readonly p95: number | null
}

/** The rollout's traffic over time, for the picture: oldest first, bounded in length. */
export type Course = readonly Stretch[]

/** The judgement of the canary so far; saved with the rollout, so that a resumed run continues from it. */
export interface Judgement {
  /** null until the judge has read stable's history. */
  readonly state: State | null
  readonly verdict: Verdict['kind']
  /** The judge's sentence with its figures. */
  readonly because: string
  /** The evidence against the canary; a roll-back needs 1/risk. */
  readonly evidence: number
  /** The next share of the adaptive ramp, in percent to a tenth; null with fixed steps. */
  readonly wanted: number | null
  /** Judged blocks with canary traffic since the current step began. */
  readonly blocks: number
  /** Per step of the ramp, in order; before them the audience's, with weight 0. */
  readonly steps: readonly StepFigures[]
  readonly course: Course
  /** Start of the next block, ms by Prometheus' clock; null = the next scrape. */
  readonly readTo: number | null
  /** Why the last reading gave no data; `lasting` if waiting will not help. null while there are data. */
  readonly trouble: { readonly because: string; readonly lasting: boolean } | null
  /** The data plane's check of the current weight. */
  readonly sampling: Sampling
  /** The answers of both versions while the canary had traffic; absent if the source has no status. */
  readonly answers?: { readonly canary: Answers; readonly stable: Answers }
  /** What a proof needs at the traffic of the history; absent where no history is known. */
  readonly forecast?: ProofForecast
  /** Since all traffic came to a canary; absent before, and where it is not watched. */
  readonly late?: Late
  /** What `on-quiet` took; absent where a proof comes in time. */
  readonly quiet?: Quiet
}

/** What the history holds, and what a proof needs at that rate. */
export interface ProofForecast {
  /** Length of the history. */
  readonly historyMs: number
  /** Of stable in the history. */
  readonly requestsPerSecond: number
  /** Share of them that failed, 0..1. */
  readonly errorRate: number
  /** phi of the errors, at least 1: how many times as much as independent requests they vary. */
  readonly dispersion: number
  /** Synthetic requests a second that are sent in any case; absent = none. */
  readonly synthetic?: number
  /** Requests to the canary until an equal version is proven. */
  readonly requests: number
  /** From the first weight until the proof; null = not within `max-duration`. */
  readonly proofMs: number | null
}

/** The watch for a fault that comes late, and how often both versions were compared because of it. */
export interface Late {
  readonly watch: Watch
  readonly comparisons: number
  /** The last look at the pods' memory; absent before the first one. `at` in ms since 1970. */
  readonly memory?: {
    readonly at: number
    readonly kind: 'calm' | 'unknown' | 'fault'
    readonly because: string
  }
}

/** The data plane's own counts for a weight. */
export interface Sampling {
  /** Requests in the latest blocks that lie wholly within the time of the weight, settling left out; at most four. */
  readonly blocks: readonly { readonly canary: number; readonly stable: number }[]
  /** Blocks wholly at weight 0 in which the canary had no request, since it last had one. */
  readonly quiet: number
}

/** Requests, and how many of them were answered with a status of 300 to 399, and of 400 to 499. */
export interface Answers {
  readonly requests: number
  readonly redirects: number
  readonly rejects: number
}

export interface StepFigures {
  readonly weight: number
  readonly canary: Counts
  readonly stable: Counts
  readonly blocks: number
}

/** Traffic of both versions in one or several neighbouring blocks. */
export interface Stretch {
  /** ms since 1970, by the clock of the metrics' source. */
  readonly from: number
  readonly to: number
  /** The canary's share in percent at its end; 100 after a blue-green switch. */
  readonly weight: number
  readonly canary: ArmFigures
  readonly stable: ArmFigures
  /** The value of the test against the canary at its end; it is rolled back at 1/risk. */
  readonly evidence: number
}

export const noSampling: Sampling = { blocks: [], quiet: 0 }

export const unjudged: Judgement = {
  state: null,
  verdict: 'continue',
  because: 'nothing was judged',
  evidence: 1,
  wanted: null,
  blocks: 0,
  steps: [],
  course: [],
  readTo: null,
  trouble: null,
  sampling: noSampling,
}
