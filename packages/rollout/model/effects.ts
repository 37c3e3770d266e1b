import type { Cause } from '@alt-las/workload-health'
import type { Phase } from './phase.ts'
import type { Baseline } from './rollout.ts'

/** One answer at a time, each with its reason. */
export type Decision =
  | { readonly kind: 'do'; readonly effect: Effect; readonly because: string }
  | {
      readonly kind: 'enter'
      readonly phase: Phase
      readonly because: string
      readonly baseline?: Baseline
      readonly cause?: Cause
    }
  | { readonly kind: 'measure'; readonly because: string }
  /** Runs the plan's API tests against the new version. */
  | { readonly kind: 'smoke'; readonly because: string }
  | { readonly kind: 'wait'; readonly because: string }
  /** Ends the run in this phase: a later run continues from here. */
  | { readonly kind: 'stop'; readonly why: 'interrupted' | 'halted'; readonly because: string }
  | { readonly kind: 'finish'; readonly because: string }

/** One write; each is an ensure: repeating it changes nothing. */
export type Effect =
  | { readonly kind: 'apply-objects' }
  /** Stable's Service selects only pods of `hash`; null removes the pin. */
  | { readonly kind: 'pin'; readonly hash: string | null }
  /** The canary's Service exists and selects only pods of `hash`; null before the hash is known. */
  | { readonly kind: 'canary-service'; readonly hash: string | null }
  | { readonly kind: 'canary-deployment'; readonly replicas: number }
  /** The canary's share of the service's traffic in percent; `stable` is the `pod-template-hash` that gets the rest. */
  | { readonly kind: 'weight'; readonly percent: number; readonly stable: string | null }
  /** The plan's audience goes to the canary, whatever its weight. */
  | { readonly kind: 'audience' }
  /** Routes exactly as before the rollout. */
  | { readonly kind: 'restore-routes' }
  /** The plan's Deployment, under its own name. */
  | { readonly kind: 'stable-deployment' }
  | { readonly kind: 'remove-stable-deployment'; readonly uid: string }
  | { readonly kind: 'remove-canary-deployment'; readonly uid: string }
  | { readonly kind: 'remove-canary-service' }
  /** The autoscaler keeps exactly this number of replicas. */
  | { readonly kind: 'hold-autoscaler'; readonly replicas: number }
  /** The bounds that it had before. */
  | { readonly kind: 'restore-autoscaler' }
  | { readonly kind: 'pre-deploy-job' }
  /** The dead-man's switch in the cluster, with the weights to return to. */
  | { readonly kind: 'arm-watchdog' }
  | { readonly kind: 'disarm-watchdog' }
  | { readonly kind: 'remove-job'; readonly uid: string }
  /** Copies the live workload's configuration before the plan changes it. */
  | { readonly kind: 'keep-configs' }
  /** Writes the plan's ConfigMaps and Secrets under their plain names. */
  | { readonly kind: 'release-configs' }
  /** Copies that no release and no workload needs. */
  | { readonly kind: 'remove-configs' }
  /** `rolling`: restores the old workload. */
  | { readonly kind: 'restore-workload' }
  /** `rolling`: a pod of the bad version that its StatefulSet does not replace by itself. */
  | { readonly kind: 'remove-pod'; readonly name: string; readonly uid: string }
  /** `rolling`: one pod of the new template for the API tests, which no Service and no controller selects. */
  | { readonly kind: 'smoke-pod' }
  | { readonly kind: 'remove-smoke-pod'; readonly uid: string }

export type Enter = Extract<Decision, { kind: 'enter' }>
