import type { At, Deployment, Job } from '@alt-las/kubernetes'
import type { RouterKind } from '@alt-las/routers'
import { hash } from './hash.ts'

export type Strategy = 'canary' | 'blue-green' | 'rolling'

export type WorkloadKind = 'Deployment' | 'StatefulSet' | 'DaemonSet'

/** A ConfigMap or Secret of the manifests that the workload refers to: a copy under `versioned` is part of the version. */
export interface ConfigVersion {
  readonly kind: 'ConfigMap' | 'Secret'
  readonly name: string
  /** `<name>-<hash of its content>`; immutable. */
  readonly versioned: string
}

/** What was asked for: a document that travels with the state and is never edited once the rollout has begun. */
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
  /** The workload as it shall be at the end, with the image set; without status. */
  readonly desired: Deployment
  /** Hash of `desired`: the same hash is the same version. */
  readonly version: string
  /** Hash of the other objects in `manifests`. */
  readonly objects: string
  readonly configs: readonly ConfigVersion[]
  /** Runs with the new image before any traffic; null where nothing has to. */
  readonly preDeployJob: Job | null
  /** `repository@sha256:…` of the dead-man's switch; null = off. */
  readonly watchdogImage: string | null
  /** `auto`: the judge sets the weights by what can still be wrong with the canary; `fixed`: `steps`. */
  readonly ramp: 'fixed' | 'auto'
  /** Empty without `auto`: straight to all traffic once the new pods are ready, as a rollback does. */
  readonly steps: readonly Step[]
  /** Stops, durably, once the new version is ready and before it gets traffic. */
  readonly pauseAtPreview: boolean
  readonly judging: Judging
  /** How long the old version stays warm with all traffic on the new one: going back is one patch. */
  readonly rollbackWindowMs: number
  readonly readyTimeoutMs: number
}

export interface Judging {
  /** Probability 0..1 that an equal version is rolled back. */
  readonly risk: number
  /** How many times stable's error rate is tolerated, e.g. 1.2. */
  readonly errorMargin: number
  /** How many times stable's latency is tolerated, e.g. 1.1; null = latency is not judged. */
  readonly latencyMargin: number | null
  /** How long stable is kept after the proof that the canary is no worse; with blue-green how long green is judged at least. */
  readonly bakeMs: number
  readonly maxDurationMs: number
  readonly onUndecided: 'abort' | 'pause' | 'promote'
}

/** Where the plan's workload lives. */
export const workloadAt = ({ namespace, workload, deployment }: Plan): At => ({
  apiVersion: 'apps/v1',
  kind: workload,
  namespace,
  name: deployment,
})

/** The plan's identity: a rerun with the same hash resumes, another one does not. */
export function hashPlan(plan: Plan): string {
  return hash(plan)
}

/** One stage of the ramp: `weight` in percent of the service's traffic, held for at least `holdMs`. */
export interface Step {
  readonly weight: number
  readonly holdMs: number
  /** Stops here, durably, once the step is passed; `promote` or `abort` goes on. */
  readonly pause?: true
}
