// Data and nothing else: what is asked for, what is observed and saved, what can be done, and the ports.
import type { Deployment } from '@alt-las/kubernetes'
import type { Cause } from '@alt-las/workload-health'
import type { OriginalRule } from '@alt-las/routers'
import { hash } from './hash.ts'
import type { Judgement } from './judgement.ts'
import { type Phase, nameOf } from './phase.ts'
import type { Plan } from './plan.ts'
import type { Visited } from './quiet.ts'
import type { Releases } from './releases.ts'
import type { SmokeResult } from './smoke.ts'

export const rolloutSchema = 'alt-las-delivery/rollout/v2'

/** The state before the first write that a rollback must undo. */
export interface Baseline {
  /** False where the Deployment is a new one. */
  readonly existed: boolean
  /** Image of the named container; null if nothing served. */
  readonly image: string | null
  readonly replicas: number
  /** `pod-template-hash` of stable's pods. */
  readonly hash: string | null
  readonly routes: readonly OriginalRule[]
  /** Bounds of the autoscaler that is held during the rollout; null = no autoscaler. */
  readonly autoscaler: Autoscaler | null
  /** `rolling`, or a first installation with API tests or in a release of several targets: the old workload, to be restored; else null. */
  readonly workload: Deployment | null
}

export interface Autoscaler {
  readonly name: string
  readonly min: number
  readonly max: number
}

/** One entry of the timeline, for people: nothing is decided by it. `at` in ms since 1970. */
export interface Moment {
  readonly at: number
  readonly phase: string
  /** The canary's share of traffic in percent. */
  readonly weight: number
  readonly because: string
}

/** The saved state. */
export interface Rollout {
  readonly schema: typeof rolloutSchema
  /** Identifies this rollout, also among those of the same plan: objects that it writes carry it. */
  readonly id: string
  /** Fencing token: the number of runners that have acted on this target. */
  readonly fencingToken: number
  readonly plan: Plan
  readonly planHash: string
  readonly phase: Phase
  /** Why the phase was entered; in `revert` and `done` the sentence for people. */
  readonly because: string
  /** Wall time, ms since 1970. */
  readonly startedAt: number
  /** When the phase was entered; wall time, ms since 1970. */
  readonly enteredAt: number
  /** In the steps that were left so far, without the pauses between them; wall ms. */
  readonly judgedMs: number
  /** Time of the move of all traffic: from the first write to its confirmation. null before that; ms since 1970. */
  readonly switchedAt: { readonly begun: number; readonly done: number } | null
  readonly baseline: Baseline
  /** Titles of objects written beside the workload that stay after a rollback; absent = none. */
  readonly written?: readonly string[]
  readonly judgement: Judgement
  /** A first installation that had ended and goes back with the rest of its release; absent = it has not. */
  readonly takenBack?: true
  /** Results of the plan's API tests; absent until all of them have run. */
  readonly smoke?: SmokeResult
  /** When the rollout before sent synthetic requests, ms since 1970: they are no users of the history. Absent = it sent none. */
  readonly visited?: Visited
  /** Why its pods could not run; null if that did not end it. */
  readonly cause: Cause | null
  readonly timeline: readonly Moment[]
  /** `pod-template-hash` of the last promoted version: a different live hash means a change from outside. null = not known. */
  readonly served: string | null
  /** The recorded releases of this target. */
  readonly releases: Releases
}

export const rolloutId = (planHash: string, startedAt: number): string => hash([planHash, startedAt])

/** How long the canary has been in its steps until `now`, without the pauses between them; wall ms. */
export const judgedMsAt = ({ phase, enteredAt, judgedMs }: Rollout, now: number): number =>
  judgedMs + (phase.kind === 'step' ? now - enteredAt : 0)

const mostMoments = 60
const mostWritten = 200

/** With these titles added to what it has written. */
export function withWritten(rollout: Rollout, titles: readonly string[]): Rollout {
  const known = rollout.written ?? []
  const written = [...new Set([...known, ...titles])].slice(0, mostWritten)
  return written.length === known.length ? rollout : { ...rollout, written }
}

/** The next phase, with its entry in the timeline; a long timeline keeps its beginning and end. */
export function enter(rollout: Rollout, phase: Phase, moment: Omit<Moment, 'phase'>): Rollout {
  const timeline = [...rollout.timeline, { ...moment, because: short(moment.because), phase: nameOf(phase) }]
  return {
    ...rollout,
    phase,
    because: moment.because.slice(0, 4000),
    enteredAt: moment.at,
    judgedMs: judgedMsAt(rollout, moment.at),
    switchedAt: isSwitch(rollout.phase, phase)
      ? { begun: rollout.enteredAt, done: moment.at }
      : rollout.switchedAt,
    timeline: timeline.length > mostMoments ? [...timeline.slice(0, 20), ...timeline.slice(-40)] : timeline,
  }
}

/** After a comparison all traffic only comes back: the window goes on. */
const isSwitch = (from: Phase, to: Phase): boolean => to.kind === 'warm' && from.kind !== 'compare'

/** Log excerpts are cut, since the size of the state is limited. */
const short = (text: string): string => (text.length > 500 ? `${text.slice(0, 499)}…` : text)
