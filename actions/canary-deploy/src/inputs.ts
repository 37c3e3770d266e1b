import { type Steps, type Strategy, parseSteps, pauseAt } from '@alt-las/rollout'
import {
  type Parser,
  type Read,
  badInputs,
  boolean,
  choice,
  collect,
  duration,
  list,
  optional,
  percent,
  required,
  text,
} from '@alt-las/runner'
import { type Address, type Preset, parseAddress, parsePreset } from '@alt-las/telemetry'
import { type Synthetic, parseSynthetic } from './synthetic/parse-synthetic.ts'

export const userRouters = ['gateway-api', 'traefik', 'istio', 'replicas'] as const

export type UserRouter = (typeof userRouters)[number]

export interface Inputs {
  readonly operation: 'deploy' | 'promote' | 'abort' | 'rollback' | 'status'
  readonly strategy: Strategy
  readonly namespace: string
  /** '' except with `deploy`: every target of the namespace. */
  readonly deployment: string
  readonly container: string
  /** `repository@sha256:…`; '' except with `deploy`. */
  readonly image: string
  readonly manifests: readonly string[]
  /** '' = the name of the Deployment. */
  readonly service: string
  readonly canaryService: string
  readonly previewService: string
  readonly router: 'auto' | UserRouter
  readonly route: string
  readonly steps: Steps
  /** `preview`, or the weight of a step; '' = only where `steps` say so. */
  readonly pauseAt: string
  /** null = no source given. */
  readonly metricsUrl: Address | null
  readonly metricsToken: string
  /** null = what belongs to the router. */
  readonly metrics: Preset | null
  /** 0..1 */
  readonly risk: number
  readonly errorMargin: number
  /** null = latency is not judged. */
  readonly latencyMargin: number | null
  readonly bake: number
  readonly maxDuration: number
  readonly onUndecided: 'abort' | 'pause' | 'promote'
  /** null = none. */
  readonly syntheticRequests: Synthetic | null
  readonly rollbackWindow: number
  /** Files that hold the Job to run before any traffic. */
  readonly before: readonly string[]
  /** `repository@sha256:…`; '' = no dead-man's switch. */
  readonly guardImage: string
  readonly dryRun: boolean
  readonly release: string
  readonly toRelease: string
  readonly readyTimeout: number
  readonly timeout: number
  /** Path or content; '' = the default places. */
  readonly kubeconfig: string
  readonly context: string
  readonly gate: 'enforce' | 'report'
}

export function parse(read: Read): Inputs {
  const problems: string[] = []
  const inputs = attempt(() => collect<Inputs>(read, parsers), problems)
  problems.push(...crossProblems(read))
  if (inputs === null || problems.length > 0) throw badInputs(problems)
  return inputs
}

const parsers: { readonly [K in keyof Inputs]: Parser<Inputs[K]> } = {
  operation: choice(['deploy', 'promote', 'abort', 'rollback', 'status']),
  strategy: choice(['canary', 'blue-green', 'rolling']),
  namespace: required(name),
  deployment: orNothing(name),
  container: orNothing(name),
  image: orNothing(digestReference),
  manifests: list,
  service: orNothing(name),
  canaryService: orNothing(name),
  previewService: orNothing(name),
  router: choice(['auto', ...userRouters]),
  route: orNothing(route),
  steps: (raw) => parseSteps(raw),
  pauseAt: text,
  metricsUrl: optional(address),
  metricsToken: text,
  metrics: optional(parsePreset),
  risk: (raw, label) => openPercent(percent(raw, label)) / 100,
  errorMargin: (raw) => margin(raw, 100),
  latencyMargin: (raw) => (raw === 'off' ? null : margin(raw, 10)),
  bake: duration,
  maxDuration: duration,
  onUndecided: choice(['abort', 'pause', 'promote']),
  syntheticRequests: (raw) => parseSynthetic(raw),
  rollbackWindow: duration,
  before: list,
  guardImage: orNothing(digestReference),
  dryRun: boolean,
  release: text,
  toRelease: text,
  readyTimeout: duration,
  timeout: duration,
  kubeconfig: text,
  context: text,
  gate: choice(['enforce', 'report']),
}

/** What each operation needs, by the raw inputs, so that these problems are told together with all others. */
function crossProblems(read: Read): readonly string[] {
  const given = (input: string) => read(input).trim() !== ''
  const needs = (input: string, why: string) =>
    given(input) ? [] : [`${input}: is required, got nothing: ${why}`]
  if (read('operation').trim() !== 'deploy') return []
  const strategy = read('strategy').trim()
  return [
    ...needs('deployment', 'the workload to roll out'),
    ...needs('image', 'an image with its digest, as push-image gives it in its output `image`'),
    ...needs('manifests', 'files or directories that hold the workload'),
    ...(strategy === 'rolling'
      ? []
      : needs(
          'metrics-url',
          'a version that nobody measures is never promoted; give the Prometheus that scrapes the gateway',
        )),
    ...(strategy === 'canary' ? pauseProblems(read) : []),
    ...contradictions(strategy, read),
  ]
}

/** A pause that no step has; steps that are wrong themselves are told by their own parser. */
function pauseProblems(read: Read): readonly string[] {
  try {
    const steps = parseSteps(read('steps').trim())
    try {
      pauseAt(read('pause-at').trim(), steps)
    } catch (error) {
      return [`pause-at: ${error instanceof Error ? error.message : String(error)}`]
    }
  } catch {
    return []
  }
  return []
}

/** Inputs that the strategy cannot honour. */
function contradictions(strategy: string, read: Read): readonly string[] {
  const pause = read('pause-at').trim()
  const router = read('router').trim()
  if (strategy === 'blue-green')
    return [
      ...(pause === '' || pause === 'preview'
        ? []
        : [`pause-at: got ${JSON.stringify(pause)}, expected preview: blue-green has no steps`]),
      ...(router === 'auto'
        ? []
        : [`router: got ${router}, expected auto: blue-green switches the Service itself, in one write`]),
    ]
  if (strategy === 'rolling')
    return pause === ''
      ? []
      : [`pause-at: got ${JSON.stringify(pause)}, expected nothing: a rolling update has no point to stop at`]
  return []
}

function attempt<T>(work: () => T, problems: string[]): T | null {
  try {
    return work()
  } catch (error) {
    // One Failure with all problems, as badInputs writes it.
    const lines = (error instanceof Error ? error.message : String(error)).split('\n- ')
    problems.push(...(lines.length > 1 ? lines.slice(1) : lines))
    return null
  }
}

function orNothing(parser: Parser<string>): Parser<string> {
  return (raw, label) => (raw === '' ? '' : parser(raw, label))
}

function name(raw: string): string {
  if (!/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/.test(raw))
    throw new Error(`got ${JSON.stringify(raw)}, expected a Kubernetes name (lower case, digits, dashes)`)
  return raw
}

function digestReference(raw: string): string {
  if (!/^[^\s@]+@sha256:[0-9a-f]{64}$/.test(raw))
    throw new Error(
      `got ${JSON.stringify(raw)}, expected repository@sha256:<64 hexadecimal digits>: a tag can be moved, a digest cannot`,
    )
  return raw
}

function route(raw: string): string {
  if (!/^[a-z0-9][-a-z0-9.]*(\/[-a-z0-9.]+)?$/.test(raw))
    throw new Error(`got ${JSON.stringify(raw)}, expected the name of an HTTPRoute, or name/rule`)
  return raw
}

function address(raw: string): Address {
  const parsed = parseAddress(raw)
  if (parsed === null)
    throw new Error(
      `got ${JSON.stringify(raw)}, expected https://…, http://… or service://namespace/name:port, or scrape+ before one of them`,
    )
  return parsed
}

function openPercent(value: number): number {
  if (value <= 0 || value > 50)
    throw new Error(`got ${String(value)}%, expected more than 0% and at most 50%`)
  return value
}

/** `1.2x`. */
function margin(raw: string, most: number): number {
  const value = /^\d+(\.\d+)?x$/.test(raw) ? Number(raw.slice(0, -1)) : NaN
  if (!(value >= 1 && value <= most))
    throw new Error(`got ${JSON.stringify(raw)}, expected a factor from 1x to ${String(most)}x such as 1.2x`)
  return value
}
