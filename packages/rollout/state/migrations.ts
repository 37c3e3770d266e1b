import { hash } from '../model/hash.ts'
import { unjudged } from '../model/judgement.ts'

type Json = Readonly<Record<string, unknown>>

/** The version that this code writes. */
export const currentVersion = 2

/** `migrations[i]` makes a state of version i + 1 one of version i + 2. They do not validate: the validator runs after them. */
const migrations: readonly ((state: Json) => Json)[] = [toVersion2]

export const migrated = (state: Json, version: number): Json =>
  migrations.slice(version - 1).reduce((known, migrate) => migrate(known), state)

/** Former fixed values of plans. */
const firstPlan = {
  strategy: 'canary',
  workload: 'Deployment',
  router: 'gateway-api',
  configs: [],
  before: null,
  guard: null,
  ramp: 'fixed',
  pauseAtPreview: false,
  rollbackWindowMs: 0,
}

/**
 * Clocks become fields; they were read from the timeline before. The identity is kept, since objects in the cluster carry it; the
 * plan gets a new hash, so that a rerun of the same plan is recognised.
 */
function toVersion2(state: Json): Json {
  const { epoch, before, planHash, startedAt, ...rest } = state
  const plan = planOfVersion2(objectOf(state['plan']))
  const timeline = Array.isArray(state['timeline']) ? (state['timeline'] as readonly FormerMoment[]) : []
  const phase = phaseOfVersion2(objectOf(state['phase']), plan)
  const last = timeline.at(-1)?.at ?? startedAt
  return {
    ...rest,
    schema: 'alt-las-delivery/rollout/v2',
    id: hash([planHash, startedAt]),
    fencingToken: epoch,
    plan,
    planHash: hash(plan),
    phase,
    startedAt,
    enteredAt: last,
    judgedMs: judgedMsOf(timeline),
    switchedAt: switchedAtOf(timeline),
    baseline: { autoscaler: null, workload: null, ...objectOf(before) },
    judgement: { ...unjudged, ...objectOf(state['judgement']) },
    cause: state['cause'] ?? null,
    timeline,
    served: state['served'] ?? null,
  }
}

interface FormerMoment {
  readonly phase: string
  readonly at: number
}

function planOfVersion2(plan: Json): Json {
  const { before, guard, judging, ...rest } = { ...firstPlan, ...plan } as Json
  return {
    ...rest,
    preDeployJob: before,
    watchdogImage: guard,
    judging: { latencyMargin: null, ...objectOf(judging) },
  }
}

function phaseOfVersion2(phase: Json, { steps }: Json): Json {
  if (phase['kind'] === 'before') return { kind: 'pre-deploy' }
  if (phase['kind'] !== 'step' || phase['weight'] !== undefined) return phase
  const step = Array.isArray(steps) ? objectOf(steps[Number(phase['index'])]) : {}
  return { ...phase, weight: step['weight'] ?? 0 }
}

/** The last entry may be a running step: its time is counted from `enteredAt`. */
const judgedMsOf = (timeline: readonly FormerMoment[]): number =>
  timeline
    .slice(0, -1)
    .reduce(
      (sum, { phase, at }, i) => sum + (/^step \d/.test(phase) ? (timeline[i + 1]?.at ?? at) - at : 0),
      0,
    )

function switchedAtOf(timeline: readonly FormerMoment[]) {
  const begun = timeline.findLast(({ phase }) => phase === 'promote-traffic')?.at
  const done = timeline.findLast(({ phase }) => phase === 'warm')?.at
  return begun === undefined || done === undefined ? null : { begun, done }
}

const objectOf = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {}
