import { Failure } from '@alt-las/failure'
import type { Deployment } from '@alt-las/kubernetes'
import type { Cause } from '@alt-las/workload-health'
import type { Judgement } from '../judging/judging.ts'
import { hash, type Plan } from '../plan/plan.ts'
import type { Releases } from './releases.ts'

export const rolloutSchema = 'alt-las-delivery/rollout/v1'

export type Verdict = 'promoted' | 'rolled-back' | 'paused' | 'unchanged' | 'halted'

/**
 * Where a rollout stands. A phase is saved BEFORE any deed that belongs to it; within a phase every deed is derived anew from what is
 * seen, so that a crash at any point is simply done again.
 */
export type Phase =
  /** The other objects of `manifests` are applied; the Deployment is not among them. */
  | { readonly kind: 'apply' }
  /** The Job of `before` runs with the new image; nothing else is touched. */
  | { readonly kind: 'before' }
  /** Nothing serves yet: the Deployment is applied under its own name. */
  | { readonly kind: 'install' }
  /** Services are pinned, the canary's pods come up; no traffic. */
  | { readonly kind: 'prepare' }
  /** The canary takes step `index`, `weight` percent of the traffic, and is judged. */
  | { readonly kind: 'step'; readonly index: number; readonly weight: number }
  /** Durable: no runner holds the target; `promote` or `abort` goes on. */
  | { readonly kind: 'paused'; readonly at: PausedAt }
  /** All traffic to the canary's full capacity. */
  | { readonly kind: 'promote-traffic' }
  /** All traffic is on the new version, the old one stays warm: going back is one patch. */
  | { readonly kind: 'warm' }
  /** The Deployment gets the new version, without traffic. From here there is no way back to the old one. */
  | { readonly kind: 'promote-stable' }
  /** All traffic from the canary to the Deployment. */
  | { readonly kind: 'promote-return' }
  /** The canary's objects go. */
  | { readonly kind: 'promote-clean' }
  /** `rolling`: the workload itself is updated by its own strategy. */
  | { readonly kind: 'roll' }
  /** Traffic to stable, then the canary's objects go. */
  | { readonly kind: 'revert' }
  | { readonly kind: 'done'; readonly verdict: Exclude<Verdict, 'paused' | 'halted'> }

/** Index of a step, before the first one, or with all traffic on the new version. */
export type PausedAt = number | 'preview' | 'warm'

/** What was there before the first deed that a rollback has to undo. */
export interface Before {
  /** False where the Deployment is a new one. */
  readonly existed: boolean
  /** Image of the named container; null where nothing served. */
  readonly image: string | null
  readonly replicas: number
  /** `pod-template-hash` of stable's pods. */
  readonly hash: string | null
  readonly routes: readonly RouteBefore[]
  /** Bounds of the autoscaler that is held during the rollout; null where there is none. */
  readonly autoscaler: Autoscaler | null
  /** `rolling`: the workload as it was, to be put back; null with the other strategies. */
  readonly workload: Deployment | null
}

export interface Autoscaler {
  readonly name: string
  readonly min: number
  readonly max: number
}

export interface RouteBefore {
  /** Kind of the object that holds the weights, such as HTTPRoute. */
  readonly kind: string
  readonly name: string
  readonly rule: number
  /** As the object's kind writes them. */
  readonly backendRefs: readonly unknown[]
}

/** One entry of the story for people. `at` in ms since 1970. */
export interface Moment {
  readonly at: number
  readonly phase: string
  /** The canary's share of traffic in percent. */
  readonly weight: number
  readonly because: string
}

/** The only thing that is saved. */
export interface Rollout {
  readonly schema: typeof rolloutSchema
  /** Counts the runners that have acted on this target. */
  readonly epoch: number
  readonly plan: Plan
  readonly planHash: string
  readonly phase: Phase
  /** Why the phase was entered; in `revert` and `done` the sentence for people. */
  readonly because: string
  /** Wall time, ms since 1970. */
  readonly startedAt: number
  readonly before: Before
  readonly judgement: Judgement
  /** Why its pods could not run; null where that did not end it. */
  readonly cause: Cause | null
  readonly timeline: readonly Moment[]
  /** `pod-template-hash` of the version that was last promoted: another one now means that somebody changed it since. null = not known. */
  readonly served: string | null
  /** What this target ran before, and where it can return to. */
  readonly releases: Releases
}

/** Tells this rollout from every other one of the same plan. */
export const idOf = ({ planHash, startedAt }: Rollout): string => hash([planHash, startedAt])

const mostMoments = 60

/** The next phase, with its entry in the story; the story keeps its beginning and its end. */
export function enter(rollout: Rollout, phase: Phase, moment: Omit<Moment, 'phase'>): Rollout {
  const timeline = [...rollout.timeline, { ...moment, because: short(moment.because), phase: nameOf(phase) }]
  return {
    ...rollout,
    phase,
    because: moment.because.slice(0, 4000),
    timeline: timeline.length > mostMoments ? [...timeline.slice(0, 20), ...timeline.slice(-40)] : timeline,
  }
}

/** A story quotes logs only so far; the state has its bounds. */
const short = (text: string): string => (text.length > 500 ? `${text.slice(0, 499)}…` : text)

/** `step 2`, `promote-clean`, `rolled-back`. */
export function nameOf(phase: Phase): string {
  if (phase.kind === 'step') return `step ${String(phase.index + 1)}`
  if (phase.kind === 'paused')
    return `paused at ${typeof phase.at === 'number' ? `step ${String(phase.at + 1)}` : phase.at}`
  return phase.kind === 'done' ? phase.verdict : phase.kind
}

/** Reads the state back; throws Failure `bad-state` where it is not ours or of a newer schema: never guesses. */
export function parseRollout(text: string, where: string): Rollout {
  const bad = (what: string) =>
    new Failure('bad-state', `the state in ${where} cannot be read: ${what}`, {
      fault: 'outside',
      hint: 'look at the target by hand, then remove this ConfigMap',
    })
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw bad('it is not JSON')
  }
  if (typeof value !== 'object' || value === null) throw bad('it is not an object')
  const schema = 'schema' in value ? value.schema : undefined
  if (schema !== rolloutSchema)
    throw bad(`got schema ${JSON.stringify(schema)}, this version of the action reads ${rolloutSchema}`)
  return value as Rollout
}
