import { toJson } from '@alt-las/kubernetes'
import { isAudience } from '@alt-las/routers'
import { strategies } from '../strategies/strategies.ts'
import { phases } from '../strategies/phases.ts'
import { rolloutSchema, type Rollout } from '../model/rollout.ts'

/** The problem of a value, with its path; null = valid. */
type Check = (value: unknown, path: string) => string | null

/** The first problem; null = a valid rollout. The judge's own state is only checked to be an object. */
export const whatIsWrong = (value: unknown): string | null => rollout(value, '')

export const isRollout = (value: unknown): value is Rollout => whatIsWrong(value) === null

const expected = (what: string, value: unknown, path: string): string =>
  `${path || 'the state'}: got ${value === undefined ? 'nothing' : toJson(value).slice(0, 60)}, expected ${what}`

const text: Check = (value, path) => (typeof value === 'string' ? null : expected('a text', value, path))
const number: Check = (value, path) =>
  typeof value === 'number' && Number.isFinite(value) ? null : expected('a number', value, path)
const flag: Check = (value, path) =>
  typeof value === 'boolean' ? null : expected('true or false', value, path)
const any: Check = () => null
const object: Check = (value, path) =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? null
    : expected('an object', value, path)

const oneOf =
  (allowed: readonly unknown[]): Check =>
  (value, path) =>
    allowed.includes(value) ? null : expected(`one of ${allowed.join(', ')}`, value, path)
const orNull =
  (check: Check): Check =>
  (value, path) =>
    value === null ? null : check(value, path)
const orAbsent =
  (check: Check): Check =>
  (value, path) =>
    value === undefined ? null : check(value, path)
const either =
  (one: Check, other: Check): Check =>
  (value, path) =>
    one(value, path) === null ? null : other(value, path)
const list =
  (check: Check): Check =>
  (value, path) => {
    if (!Array.isArray(value)) return expected('a list', value, path)
    for (const [index, one] of value.entries()) {
      const problem = check(one, `${path}[${index}]`)
      if (problem !== null) return problem
    }
    return null
  }
const valuesOf =
  (check: Check): Check =>
  (value, path) =>
    object(value, path) ?? list(check)(Object.values(value as object), path)
const fields =
  (checks: Readonly<Record<string, Check>>): Check =>
  (value, path) => {
    const problem = object(value, path)
    if (problem !== null) return problem
    for (const [key, check] of Object.entries(checks)) {
      const wrong = check((value as Record<string, unknown>)[key], path === '' ? key : `${path}.${key}`)
      if (wrong !== null) return wrong
    }
    return null
  }

/** An object whose values are texts. */
const texts: Check = (value, path) => object(value, path) ?? list(text)(Object.values(value as object), path)

const workload = fields({
  apiVersion: text,
  kind: text,
  metadata: fields({ name: text }),
  spec: fields({ selector: object, template: fields({ spec: fields({ containers: list(object) }) }) }),
})
const config = fields({ kind: oneOf(['ConfigMap', 'Secret']), name: text, versioned: text })
const counts = fields({ requests: number, errors: number })
const answers = fields({ requests: number, redirects: number, rejects: number })
const figures = fields({ requests: number, errors: number, p95: orNull(number) })

const part = either(text, fields({ content: text, filename: orAbsent(text), contentType: orAbsent(text) }))
const form = either(
  fields({ kind: oneOf(['form']), fields: valuesOf(text) }),
  fields({ kind: oneOf(['multipart']), parts: valuesOf(part) }),
)
const smokeTest = fields({
  name: text,
  request: fields({
    method: text,
    path: text,
    headers: texts,
    body: orNull(text),
    form: orAbsent(form),
    redirects: orAbsent(oneOf(['follow'])),
  }),
  expect: fields({
    status: list(text),
    headers: object,
    json: object,
    schema: either(object, orNull(flag)),
    latencyMs: orNull(number),
  }),
  capture: texts,
  eventuallyMs: number,
  loadWeight: number,
})
const smokeOutcome = oneOf(['passed', 'refused', 'failed'])
const audience: Check = (value, path) =>
  fields({ holdMs: number })(value, path) ?? (isAudience(value) ? null : expected('an audience', value, path))

const plan = fields({
  kind: oneOf(['deploy', 'rollback']),
  strategy: oneOf(Object.keys(strategies)),
  workload: oneOf(['Deployment', 'StatefulSet', 'DaemonSet']),
  namespace: text,
  deployment: text,
  container: text,
  service: text,
  canaryService: text,
  router: oneOf(['gateway-api', 'traefik', 'istio', 'replicas', 'service', 'none']),
  route: orNull(text),
  release: text,
  image: text,
  desired: workload,
  version: text,
  objects: text,
  configs: list(config),
  preDeployJob: orNull(object),
  watchdogImage: orNull(text),
  ramp: oneOf(['fixed', 'auto']),
  steps: list(fields({ weight: number, holdMs: number, pause: orAbsent(oneOf([true])) })),
  audience: orAbsent(audience),
  pauseAtPreview: flag,
  judging: fields({
    risk: number,
    errorMargin: number,
    latencyMargin: orNull(number),
    bakeMs: number,
    quietBakeMs: orAbsent(number),
    maxDurationMs: number,
    onUndecided: oneOf(['abort', 'pause', 'promote']),
  }),
  rollbackWindowMs: number,
  quietWindowMs: orAbsent(number),
  readyTimeoutMs: number,
  smoke: orAbsent(list(smokeTest)),
  targets: orAbsent(list(text)),
  needs: orAbsent(list(text)),
  onQuiet: orAbsent(oneOf(['synthetic', 'smoke', 'abort'])),
  synthetic: orAbsent(list(fields({ url: text, rate: orNull(number) }))),
})

const kindOfPhase = fields({ kind: oneOf(Object.keys(phases)) })
const ofPhase: Readonly<Record<string, Check>> = {
  step: fields({ index: number, weight: number }),
  compare: fields({ weight: number }),
  paused: fields({ at: either(number, oneOf(['preview', 'warm'])) }),
  done: fields({ verdict: oneOf(['promoted', 'rolled-back', 'unchanged']) }),
}
const phase: Check = (value, path) =>
  kindOfPhase(value, path) ?? (ofPhase[(value as { kind: string }).kind] ?? any)(value, path)

const autoscaler = fields({ name: text, min: number, max: number })
const baseline = fields({
  existed: flag,
  image: orNull(text),
  replicas: number,
  hash: orNull(text),
  routes: list(fields({ kind: text, name: text, rule: number, backendRefs: list(any) })),
  autoscaler: orNull(autoscaler),
  workload: orNull(workload),
})

const judgement = fields({
  state: orNull(object),
  verdict: text,
  because: text,
  // JSON writes NaN and Infinity as null.
  evidence: orNull(number),
  wanted: orNull(number),
  blocks: number,
  steps: list(fields({ weight: number, canary: counts, stable: counts, blocks: number })),
  course: list(
    fields({
      from: number,
      to: number,
      weight: number,
      canary: figures,
      stable: figures,
      evidence: orNull(number),
    }),
  ),
  readTo: orNull(number),
  trouble: orNull(fields({ because: text, lasting: flag })),
  answers: orAbsent(fields({ canary: answers, stable: answers })),
  forecast: orAbsent(
    fields({
      historyMs: number,
      requestsPerSecond: number,
      errorRate: number,
      dispersion: number,
      requests: number,
      synthetic: orAbsent(number),
      proofMs: orNull(number),
    }),
  ),
  late: orAbsent(
    fields({
      watch: object,
      comparisons: number,
      memory: orAbsent(fields({ at: number, kind: oneOf(['calm', 'unknown', 'fault']), because: text })),
    }),
  ),
  quiet: orAbsent(
    fields({
      taken: oneOf(['synthetic', 'smoke', 'abort', 'on-undecided']),
      because: text,
      rate: orAbsent(number),
      soak: orAbsent(
        fields({
          at: number,
          pods: number,
          restarts: fields({ first: number, now: number }),
          lines: number,
          trouble: orNull(text),
        }),
      ),
    }),
  ),
  sampling: fields({ blocks: list(fields({ canary: number, stable: number })), quiet: number }),
})

const release = fields({
  release: text,
  image: text,
  version: text,
  at: number,
  desired: orNull(workload),
  configs: orAbsent(list(config)),
  undone: flag,
})

const rollout = fields({
  schema: oneOf([rolloutSchema]),
  id: text,
  fencingToken: number,
  plan,
  planHash: text,
  phase,
  because: text,
  startedAt: number,
  enteredAt: number,
  judgedMs: number,
  switchedAt: orNull(fields({ begun: number, done: number })),
  baseline,
  written: orAbsent(list(text)),
  judgement,
  takenBack: orAbsent(oneOf([true])),
  smoke: orAbsent(
    fields({
      outcome: smokeOutcome,
      because: text,
      checks: list(fields({ name: text, outcome: smokeOutcome, because: text, ms: number })),
    }),
  ),
  visited: orAbsent(fields({ from: number, until: number })),
  cause: orNull(object),
  timeline: list(fields({ at: number, phase: text, weight: number, because: text })),
  served: orNull(text),
  releases: fields({ current: orNull(text), list: list(release) }),
})
