/** Index of a step, before the first one, or with all traffic on the new version. */
export type PausedAt = number | 'preview' | 'warm'

/**
 * The phase of a rollout. It is saved before any write that belongs to it; within a phase every write is derived again from the
 * observation, so that a run after a crash repeats it.
 */
export type Phase =
  /** The other objects of `manifests` are applied; the Deployment is not among them. */
  | { readonly kind: 'apply' }
  /** The pre-deploy Job runs with the new image; nothing else is changed. */
  | { readonly kind: 'pre-deploy' }
  /** Nothing serves yet: the Deployment is applied under its own name. */
  | { readonly kind: 'install' }
  /** Services are pinned, the canary's pods start; no traffic. */
  | { readonly kind: 'prepare' }
  /** The new version answers API tests; no user meets it. */
  | { readonly kind: 'smoke' }
  /** The plan's audience is on the canary, without any weight, and is judged. */
  | { readonly kind: 'audience' }
  /** The canary gets step `index`, `weight` percent of the traffic, and is judged. */
  | { readonly kind: 'step'; readonly index: number; readonly weight: number }
  /** Durable: no runner holds the target; `promote` or `abort` continues. */
  | { readonly kind: 'paused'; readonly at: PausedAt }
  /** All traffic to the canary's full capacity. */
  | { readonly kind: 'promote-traffic' }
  /** All traffic is on the new version, the old one stays warm: a rollback is one patch. */
  | { readonly kind: 'warm' }
  /** A fault that came late is suspected: the old version has a part of the traffic again, the new one `weight` percent, and both are compared. */
  | { readonly kind: 'compare'; readonly weight: number }
  /** The Deployment gets the new version, without traffic. From here there is no way back to the old one. */
  | { readonly kind: 'promote-stable' }
  /** All traffic from the canary to the Deployment. */
  | { readonly kind: 'promote-return' }
  /** The canary's objects are removed. */
  | { readonly kind: 'promote-clean' }
  /** `rolling`: the workload itself is updated by its own strategy. */
  | { readonly kind: 'roll' }
  /** Traffic to stable, then the canary's objects are removed. */
  | { readonly kind: 'revert' }
  | { readonly kind: 'done'; readonly verdict: Exclude<Verdict, 'paused' | 'halted'> }

export type Verdict = 'promoted' | 'rolled-back' | 'paused' | 'unchanged' | 'halted'

/** `step 2`, `promote-clean`, `rolled-back`. */
export function nameOf(phase: Phase): string {
  if (phase.kind === 'step') return `step ${phase.index + 1}`
  if (phase.kind === 'paused')
    return `paused at ${typeof phase.at === 'number' ? `step ${phase.at + 1}` : phase.at}`
  return phase.kind === 'done' ? phase.verdict : phase.kind
}
