import type { At, Deployment, Job } from '@alt-las/kubernetes'
import type { Audience, RouterKind } from '@alt-las/routers'
import { hash } from './hash.ts'
import type { SmokeTests } from './smoke.ts'
import type { QuietWay, SyntheticStream } from './quiet.ts'

export type Strategy = 'canary' | 'blue-green' | 'rolling'

export type WorkloadKind = 'Deployment' | 'StatefulSet' | 'DaemonSet'

/** A ConfigMap or Secret of the manifests that the workload refers to: a copy under `versioned` is part of the version. */
export interface ConfigVersion {
  readonly kind: 'ConfigMap' | 'Secret'
  readonly name: string
  /** `<name>-<hash of its content>`; immutable. */
  readonly versioned: string
}

/** The plan: a document that is saved with the state and never changes during the rollout. */
export interface Plan {
  readonly kind: 'deploy' | 'rollback'
  readonly strategy: Strategy
  readonly namespace: string
  /** Only a Deployment can have a canary or a green one beside it. */
  readonly workload: WorkloadKind
  readonly deployment: string
  readonly container: string
  /** '' only with `rolling`, for a workload that no Service selects. */
  readonly service: string
  /** The canary's; with blue-green the preview of green. */
  readonly canaryService: string
  readonly router: RouterKind
  /** `name` or `name/rule` of an HTTPRoute; null = every rule whose backend is `service`. */
  readonly route: string | null
  readonly release: string
  /** `repository@sha256:…`. */
  readonly image: string
  /** The desired workload, with the image set; without status. */
  readonly desired: Deployment
  /** Hash of `desired`: the same hash is the same version. */
  readonly version: string
  /** Hash of the other objects in `manifests`. */
  readonly objects: string
  readonly configs: readonly ConfigVersion[]
  /** Pre-deploy Job with the new image; null = none. */
  readonly preDeployJob: Job | null
  /** `repository@sha256:…` of the dead-man's switch; null = off. */
  readonly watchdogImage: string | null
  /** `auto`: the judge sets the weights by how bad the canary may still be; `fixed`: `steps`. */
  readonly ramp: 'fixed' | 'auto'
  /** Empty without `auto`: all traffic at once when the new pods are ready, as in a rollback. */
  readonly steps: readonly Step[]
  /** Users who get the canary before any weight, and keep it; held for at least `holdMs`. Absent = none. */
  readonly audience?: Audience & { readonly holdMs: number }
  /** Pauses, durably, once the new version is ready and before it gets traffic. */
  readonly pauseAtPreview: boolean
  readonly judging: Judging
  /** How long the old version stays warm with all traffic on the new one: a rollback is one patch. */
  readonly rollbackWindowMs: number
  /** The same after a release that users' traffic did not judge; absent = the usual one, see `usualQuietMs`. */
  readonly quietWindowMs?: number
  readonly readyTimeoutMs: number
  /** API tests that the new version must pass before the first user; absent = none. */
  readonly smoke?: SmokeTests
  /** Of several services released as one: all their Deployments, sorted; absent = released alone. */
  readonly targets?: readonly string[]
  /** Those that must have all traffic before this one begins; absent = none. */
  readonly needs?: readonly string[]
  /** What is taken where the traffic is too little for a proof; absent = the first way that is possible. */
  readonly onQuiet?: QuietWay
  /** Absent = none. */
  readonly synthetic?: readonly SyntheticStream[]
}

export interface Judging {
  /** Probability 0..1 that an equal version is rolled back. */
  readonly risk: number
  /** Tolerated error rate as a multiple of stable's, e.g. 1.2. */
  readonly errorMargin: number
  /** Tolerated latency as a multiple of stable's, e.g. 1.1; null = latency is not judged. */
  readonly latencyMargin: number | null
  /** How long stable is kept after the proof that the canary is no worse; with blue-green how long green is judged at least. */
  readonly bakeMs: number
  /** The same where users' traffic does not judge it; absent = the usual one. */
  readonly quietBakeMs?: number
  readonly maxDurationMs: number
  readonly onUndecided: 'abort' | 'pause' | 'promote'
}

/** The address of the plan's workload. */
export const workloadAt = ({ namespace, workload, deployment }: Plan): At => ({
  apiVersion: 'apps/v1',
  kind: workload,
  namespace,
  name: deployment,
})

/** The plan's identity: only a rerun with the same hash resumes. */
export function hashPlan(plan: Plan): string {
  return hash(plan)
}

/** One stage of the ramp: `weight` in percent of the service's traffic, held for at least `holdMs`. */
export interface Step {
  readonly weight: number
  readonly holdMs: number
  /** Pauses here, durably, once the step has passed; `promote` or `abort` continues. */
  readonly pause?: true
}
