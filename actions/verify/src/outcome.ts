import { Failure } from '@alt-las/failure'
import { percentage, type Distribution, type LoadResult } from '@alt-las/load'
import type { Outcome, Timing } from '@alt-las/outcome'
import type { Check } from './check.ts'
import type { Inputs } from './inputs.ts'

export interface VerifyOutcome extends Outcome {
  readonly checks: readonly Check[]
  readonly load: LoadResult | null
  /** Path of the JUnit file. */
  readonly junit: string
}

export interface Results {
  readonly checks: readonly Check[]
  readonly load: LoadResult | null
  readonly junit: string
  readonly uncovered: readonly string[] | null
  readonly timings: readonly Timing[]
}

/** Throws Failure `checks-not-done` where anything is unknown; else refused with one "no", passed with none. */
export function conclude(results: Results, inputs: Pick<Inputs, 'url' | 'namespace'>): VerifyOutcome {
  const { checks, load, junit, uncovered, timings } = results
  const undone = checks.filter((one) => one.outcome === 'failed')
  const refused = checks.filter((one) => one.outcome === 'refused')
  const of = (n: number) => `${String(n)} of ${String(checks.length)} checks`
  if (undone.length > 0) {
    const also =
      refused.length === 0 ? '' : `; ${of(refused.length)} ${were(refused)} refused: ${named(refused)}`
    throw new Failure('checks-not-done', `${of(undone.length)} could not be done: ${named(undone)}${also}`, {
      fault: 'outside',
    })
  }
  const because =
    refused.length > 0
      ? `${of(refused.length)} ${were(refused)} refused: ${named(refused)}`
      : praise(checks, load)
  const target = inputs.namespace ?? inputs.url?.host ?? ''
  return {
    kind: refused.length > 0 ? 'refused' : 'passed',
    because,
    subject: { target },
    evidence: {
      url: inputs.url?.href ?? null,
      namespace: inputs.namespace,
      checks,
      load: load === null ? null : measured(load),
      uncovered,
    },
    timings,
    checks,
    load,
    junit,
  }
}

const were = (checks: readonly Check[]) => (checks.length === 1 ? 'was' : 'were')

function named(checks: readonly Check[]): string {
  const shown = checks.slice(0, 3).map((one) => `${one.name}: ${one.because}`)
  return shown.join('; ') + (checks.length > 3 ? `; and ${String(checks.length - 3)} more` : '')
}

function praise(checks: readonly Check[], load: LoadResult | null): string {
  const kinds = [...Map.groupBy(checks, (one) => one.kind)].map(
    ([kind, own]) => `${String(own.length)} of ${kind}`,
  )
  const under =
    load === null
      ? ''
      : `; ${String(load.rate)} requests per second with a p95 of ${String(load.p95Ms)} ms and ${percentage(load.errorRate)} errors`
  return `all ${String(checks.length)} checks passed (${kinds.join(', ')})${under}`
}

/** The load as readers of outcome documents know it: latencies in milliseconds. */
function measured(load: LoadResult): Readonly<Record<string, unknown>> {
  const { rate, durationMs, errors, errorRate, errorKinds, firstErrors, buckets, targets } = load
  return {
    ...latencies(load),
    ...{ rate, durationMs, errors, errorRate, errorKinds, firstErrors, buckets },
    senderLagP99: load.senderLagP99Ms,
    targets: targets.map((one) => ({ ...latencies(one), name: one.name, errors: one.errors })),
  }
}

function latencies({ count, p50Ms, p90Ms, p95Ms, p99Ms, maxMs }: Distribution) {
  return { count, p50: p50Ms, p90: p90Ms, p95: p95Ms, p99: p99Ms, max: maxMs }
}
