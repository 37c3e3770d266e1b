import type { Before, Phase } from './rollout.ts'

/** One deed; each is an ensure: doing it twice is doing it once. */
export type Effect =
  | { readonly kind: 'apply-objects' }
  /** Stable's Service selects only pods of `hash`; null takes the pin off. */
  | { readonly kind: 'pin'; readonly hash: string | null }
  /** The canary's Service exists and selects only pods of `hash`; null before the hash is known. */
  | { readonly kind: 'canary-service'; readonly hash: string | null }
  | { readonly kind: 'canary-deployment'; readonly replicas: number }
  /** The canary's share of the service's traffic in percent. */
  | { readonly kind: 'weight'; readonly percent: number }
  /** Routes exactly as they were before. */
  | { readonly kind: 'restore-routes' }
  /** The Deployment as the plan wants it, under its own name. */
  | { readonly kind: 'stable-deployment' }
  | { readonly kind: 'remove-stable-deployment'; readonly uid: string }
  | { readonly kind: 'remove-canary-deployment'; readonly uid: string }
  | { readonly kind: 'remove-canary-service' }

/** One answer at a time, each with its reason. */
export type Decision =
  | { readonly kind: 'do'; readonly effect: Effect; readonly because: string }
  | { readonly kind: 'enter'; readonly phase: Phase; readonly because: string; readonly before?: Before }
  | { readonly kind: 'measure'; readonly because: string }
  | { readonly kind: 'wait'; readonly because: string }
  /** Leave with the phase as it is: a later run goes on from here. */
  | { readonly kind: 'stop'; readonly why: 'interrupted' | 'halted'; readonly because: string }
  | { readonly kind: 'finish'; readonly because: string }

export const act = (effect: Effect, because: string): Decision => ({ kind: 'do', effect, because })
export const enterPhase = (phase: Phase, because: string, before?: Before): Decision => ({
  kind: 'enter',
  phase,
  because,
  ...(before === undefined ? {} : { before }),
})
export const wait = (because: string): Decision => ({ kind: 'wait', because })
export const revert = (because: string): Decision => enterPhase({ kind: 'revert' }, because)
export const halt = (because: string): Decision => ({ kind: 'stop', why: 'halted', because })
