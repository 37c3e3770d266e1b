import { Failure } from '@alt-las/failure'
import { percentage, type Distribution, type LoadResult } from '@alt-las/load'
import type { Evidence, Outcome } from '@alt-las/outcome'
import { capacityEvidence } from './capacity/capacity-evidence.ts'
import type { Capacity } from './capacity/check-capacity.ts'
import { causeOfAll } from './cause.ts'
import type { Check, CheckKind } from './check.ts'
import type { Bottleneck } from './load/bottleneck/name-bottleneck.ts'
import type { Inputs } from './inputs.ts'

/** What is known of a run, complete or not. */
export interface Results {
  readonly checks: readonly Check[]
  readonly load: LoadResult | null
  /** Of the load; null where no metrics name it. */
  readonly bottleneck: Bottleneck | null
  readonly capacity: Capacity | null
  /** Operations of the OpenAPI document that no test covers, as `POST /orders`; null without a document. */
  readonly uncovered: readonly string[] | null
}

export type VerifyEvidence = Evidence<'verify'>

export interface VerifyOutcome extends Outcome<'verify'>, Results {
  /** Path of the JUnit file. */
  readonly junit: string
}

/** The checks, and a failed one for every kind that was asked for and has no result. */
export function completed(asked: readonly CheckKind[], checks: readonly Check[]): readonly Check[] {
  const missing = asked.filter((kind) => !checks.some((check) => check.kind === kind))
  return [
    ...checks,
    ...missing.map((kind): Check => {
      return {
        kind,
        name: kind,
        outcome: 'failed',
        because: 'asked for, but no check ran',
        cause: 'outside',
        ms: 0,
      }
    }),
  ]
}

/** Throws Failure `checks-not-done` where anything is unknown; else refused with one "no", passed with none. */
export function conclude(
  results: Results & { readonly junit: string },
  inputs: Pick<Inputs, 'url' | 'namespace'>,
): VerifyOutcome {
  const { checks, load } = results
  const failed = checks.filter((one) => one.outcome === 'failed')
  const refused = checks.filter((one) => one.outcome === 'refused')
  const of = (n: number) => `${n} of ${checks.length} checks`
  const refusal = `${of(refused.length)} ${checks.length === 1 ? 'was' : 'were'} refused: ${named(refused)}`
  if (failed.length > 0) {
    const also = refused.length === 0 ? '' : `; ${refusal}`
    throw new Failure('checks-not-done', `${of(failed.length)} could not be done: ${named(failed)}${also}`, {
      fault: 'outside',
    })
  }
  const because = refused.length > 0 ? refusal : praise(checks, load)
  const kind = refused.length > 0 ? 'refused' : 'passed'
  return { ...results, kind, because, subject: subjectOf(inputs), evidence: evidenceOf(results, inputs) }
}

export function subjectOf({ url, namespace }: Pick<Inputs, 'url' | 'namespace'>) {
  return { target: namespace ?? url?.host ?? '' }
}

/** The results as the outcome document has them. */
export function evidenceOf(
  { checks, load, bottleneck, capacity, uncovered }: Results,
  { url, namespace }: Pick<Inputs, 'url' | 'namespace'>,
): VerifyEvidence {
  return {
    cause: causeOfAll(checks),
    url: url?.href ?? null,
    namespace,
    checks: checks.map(checkEvidence),
    load: load === null ? null : measured(load),
    bottleneck: bottleneck === null ? null : bottleneckEvidence(bottleneck),
    capacity: capacity === null ? null : capacityEvidence(capacity),
    uncovered,
  }
}

function named(checks: readonly Check[]): string {
  const shown = checks.slice(0, 3).map((one) => `${one.name}: ${one.because}`)
  return shown.join('; ') + (checks.length > 3 ? `; and ${checks.length - 3} more` : '')
}

function praise(checks: readonly Check[], load: LoadResult | null): string {
  const kinds = [...Map.groupBy(checks, (one) => one.kind)].map(([kind, own]) => `${own.length} of ${kind}`)
  const under =
    load === null
      ? ''
      : `; ${load.rate} requests per second with a p95 of ${load.p95Ms} ms and ${percentage(load.errorRate)} errors`
  const open = checks.flatMap(({ notChecked = [] }) => notChecked).length
  const but =
    open === 0 ? '' : `; not checked: ${open === 1 ? 'one thing' : `${open} things`}, named in the summary`
  return `all ${checks.length} checks passed (${kinds.join(', ')})${under}${but}`
}

export function checkEvidence({ ms, ...check }: Check): VerifyEvidence['checks'][number] {
  return { ...check, durationMs: ms }
}

function measured(load: LoadResult): VerifyEvidence['load'] {
  const { rate, durationMs, errors, errorRate, errorKinds, firstErrors, senderLagP99Ms } = load
  const { unsent, stopped } = load
  return {
    ...latencies(load),
    ...{ ratePerSecond: rate, durationMs, errors, errorRate, errorKinds, senderLagP99Ms },
    ...{ unsent, stopped },
    firstErrors: firstErrors.map(({ target, sentAt, reason, detail = '' }) => ({
      ...{ target, sentAtMs: sentAt, reason, detail },
    })),
    buckets: load.buckets,
    targets: load.targets.map((one) => ({ ...latencies(one), name: one.name, errors: one.errors })),
  }
}

function bottleneckEvidence({
  slowest,
  saturated,
  because,
  missing,
}: Bottleneck): VerifyEvidence['bottleneck'] {
  const { service = null, resource = null } = saturated ?? {}
  return { slowest, service, resource, because, missing: [...missing] }
}

function latencies({ count, p50Ms, p90Ms, p95Ms, p99Ms, maxMs }: Distribution) {
  return { count, p50Ms, p90Ms, p95Ms, p99Ms, maxMs }
}
