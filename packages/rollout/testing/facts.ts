// Facts and fakes for the engine's tests; oracle/ judges the histories.
import { unjudged } from '../model/judgement.ts'
import type { Observation, ObservedWorkload } from '../model/observation.ts'
import { type Plan, hashPlan } from '../model/plan.ts'
import { noReleases } from '../model/releases.ts'
import { type Rollout, rolloutId, rolloutSchema } from '../model/rollout.ts'
import { v2 } from './manifests.ts'

/** Readiness of a workload. */
export const failed = { kind: 'failed', because: 'container web crashes' } as const
export const waiting = { kind: 'waiting', because: '0 of 1 pods are ready' } as const

/** Three settled pods of the old version. */
export const workload: ObservedWorkload = {
  uid: 'stable-uid',
  image: 'web@old',
  replicas: 3,
  version: 'old',
  hash: 'h1',
  newestHash: 'h1',
  ready: 3,
  settled: true,
  readiness: { kind: 'ready' },
}

/** One settled pod of the new version. */
export const canaryWorkload: ObservedWorkload = {
  ...workload,
  uid: 'canary-uid',
  image: v2,
  replicas: 1,
  version: 'new',
  hash: 'h2',
  newestHash: 'h2',
  ready: 1,
}

/** Everything is ready for the canary's first step; no traffic yet. */
export const observation = {
  stable: workload,
  canary: canaryWorkload,
  canaryPods: 1,
  service: { pin: 'h1', endpoints: 3 },
  foundMs: 0,
  canaryService: { pin: 'h2', endpoints: 1 },
  router: {
    rules: [],
    weight: 0,
    hasCanary: true,
    accepted: true,
    sticky: false,
    settledMs: 0,
    because: 'accepted',
  },
  objects: { kind: 'ready' },
  interrupted: null,
  live: null,
  stuck: null,
  autoscaler: null,
  job: { kind: 'none', because: '' },
  watchdog: { kind: 'none', because: '' },
  configs: 'none',
  former: { configs: [], kept: true },
  staleConfigs: false,
  inPhaseMs: 0,
  enteredMs: 0,
  switchedMs: 0,
  judgedMs: 0,
} satisfies Observation

export const plan: Plan = {
  kind: 'deploy',
  strategy: 'canary',
  workload: 'Deployment',
  namespace: 'shop',
  deployment: 'web',
  container: 'web',
  service: 'web',
  canaryService: 'web-canary',
  router: 'gateway-api',
  route: null,
  release: 'v2',
  image: v2,
  desired: {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'shop' },
    spec: { replicas: 3, selector: {}, template: { spec: { containers: [] } } },
  },
  version: 'new',
  objects: '',
  configs: [],
  preDeployJob: null,
  watchdogImage: null,
  ramp: 'fixed',
  steps: [
    { weight: 10, holdMs: 30_000 },
    { weight: 50, holdMs: 30_000 },
  ],
  pauseAtPreview: false,
  judging: {
    risk: 0.01,
    errorMargin: 1.2,
    latencyMargin: null,
    bakeMs: 0,
    maxDurationMs: 600_000,
    onUndecided: 'abort',
  },
  rollbackWindowMs: 0,
  readyTimeoutMs: 120_000,
}

export const rollout: Rollout = {
  schema: rolloutSchema,
  id: rolloutId(hashPlan(plan), 0),
  fencingToken: 1,
  plan,
  planHash: hashPlan(plan),
  phase: { kind: 'apply' },
  because: 'v2 begins',
  startedAt: 0,
  enteredAt: 0,
  judgedMs: 0,
  switchedAt: null,
  baseline: {
    existed: true,
    image: 'web@old',
    replicas: 3,
    hash: 'h1',
    routes: [],
    autoscaler: null,
    workload: null,
  },
  judgement: unjudged,
  cause: null,
  timeline: [],
  served: null,
  releases: noReleases,
}
