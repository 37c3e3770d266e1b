import { Failure } from '@alt-las/failure'
import type { Outcome, Timing } from '@alt-las/outcome'
import type { Check } from './check.ts'
import type { Inputs } from './inputs.ts'
import type { LoadResult } from './load/load.ts'
import { percentage } from './load/thresholds.ts'

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
    evidence: { url: inputs.url?.href ?? null, namespace: inputs.namespace, checks, load, uncovered },
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
      : `; ${String(load.rate)} requests per second with a p95 of ${String(load.p95)} ms and ${percentage(load.errorRate)} errors`
  return `all ${String(checks.length)} checks passed (${kinds.join(', ')})${under}`
}
