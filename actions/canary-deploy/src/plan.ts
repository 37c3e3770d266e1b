import { createHash } from 'node:crypto'
import type { Deployment } from '@alt-las/kubernetes'
import type { Step } from './steps.ts'

/** What was asked for: a document that travels with the state and is never edited once the rollout has begun. */
export interface Plan {
  readonly kind: 'deploy' | 'rollback'
  readonly namespace: string
  readonly deployment: string
  readonly container: string
  readonly service: string
  readonly canaryService: string
  /** `name` or `name/rule` of an HTTPRoute; null = every rule whose backend is `service`. */
  readonly route: string | null
  readonly release: string
  /** `repository@sha256:…`. */
  readonly image: string
  /** The Deployment as it shall be at the end, with the image set; without status. */
  readonly desired: Deployment
  /** Hash of `desired`: the same hash is the same version. */
  readonly version: string
  /** Hash of the other objects in `manifests`. */
  readonly objects: string
  /** Empty: straight to all traffic once the new pods are ready, as a rollback does. */
  readonly steps: readonly Step[]
  readonly judging: Judging
  readonly readyTimeoutMs: number
}

export interface Judging {
  /** Probability 0..1 that an equal version is rolled back. */
  readonly risk: number
  /** How many times stable's error rate is tolerated, e.g. 1.2. */
  readonly errorMargin: number
  readonly maxDurationMs: number
  readonly onUndecided: 'abort' | 'promote'
}

/** The plan's identity: a rerun with the same hash resumes, another one does not. */
export function hashPlan(plan: Plan): string {
  return hash(plan)
}

/** Twelve hexadecimal digits of SHA-256 over the value as JSON with sorted keys. */
export function hash(value: unknown): string {
  return createHash('sha256').update(canonical(value)).digest('hex').slice(0, 12)
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}
