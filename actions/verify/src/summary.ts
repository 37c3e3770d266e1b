import { percentage, type LoadResult } from '@alt-las/load'
import type { Block, Cell, Report } from '@alt-las/outcome'
import { causeOfAll } from './cause.ts'
import type { Check, CheckKind } from './check.ts'
import type { Results, VerifyOutcome } from './outcome.ts'

const marks = { passed: '✅', refused: '❌', failed: '⚠️' } as const
const titles = { health: 'Health', api: 'API', security: 'Security', load: 'Load' } as const

/** The sentence first, then the refused checks, then all checks by kind. */
export function summarize(outcome: VerifyOutcome): Report {
  const { blocks, findings } = summarizeResults(outcome)
  return {
    title: `${outcome.kind === 'passed' ? marks.passed : marks.refused} verify: ${outcome.kind}`,
    blocks: [{ kind: 'paragraph', text: outcome.because }, ...blocks],
    findings,
  }
}

/** The same tables of a run that may not come to an outcome. `notRun`: kinds that were asked for and have no check. */
export function summarizeResults(
  { checks, load }: Results,
  notRun: readonly CheckKind[] = [],
): Required<Pick<Report, 'blocks' | 'findings'>> {
  const against = checks.filter((one) => one.outcome !== 'passed')
  const kinds = [...Map.groupBy(checks, (one) => one.kind)]
  const absent = notRun.map((kind) => titles[kind]).join(', ')
  return {
    blocks: [
      ...(absent === '' ? [] : [{ kind: 'paragraph', text: `Did not run: ${absent}.` } as const]),
      ...(checks.some((one) => one.outcome === 'failed') ? [blame(checks)] : []),
      ...(against.length === 0 ? [] : [table(against)]),
      ...(load === null ? [] : loadBlocks(load)),
      ...kinds.map(([kind, own]): Block => ({
        kind: 'details',
        summary: `${titles[kind]}: ${tally(own)}`,
        blocks: [table(own)],
      })),
    ],
    findings: against.map(({ kind, name, because }) => ({
      effect: 'refuses',
      title: `${titles[kind]}: ${name}`,
      message: because,
    })),
  }
}

function blame(checks: readonly Check[]): Block {
  const isService = causeOfAll(checks) === 'service'
  const text = isService ? 'The cause is the verified service.' : 'The cause is not the verified service.'
  return { kind: 'paragraph', text }
}

/** The outputs that only this action has; a run that fails has them too. */
export function outputsOf({
  checks,
  load,
  junit,
}: Results & { readonly junit: string }): Readonly<Record<string, string>> {
  const count = (of: Check['outcome']) => String(checks.filter((one) => one.outcome === of).length)
  return {
    cause: causeOfAll(checks) ?? '',
    'passed-count': count('passed'),
    'refused-count': count('refused'),
    junit,
    'p50-ms': load === null ? '' : String(load.p50Ms),
    'p95-ms': load === null ? '' : String(load.p95Ms),
    'p99-ms': load === null ? '' : String(load.p99Ms),
    'error-rate': load === null ? '' : percentage(load.errorRate),
  }
}

function tally(checks: readonly Check[]): string {
  const passed = checks.filter((one) => one.outcome === 'passed').length
  return passed === checks.length ? `all ${passed} passed` : `${passed} of ${checks.length} passed`
}

function table(checks: readonly Check[]): Block {
  const row = (one: Check): readonly Cell[] => [marks[one.outcome], one.name, one.because, `${one.ms} ms`]
  return { kind: 'table', head: ['', 'check', 'finding', 'took'], rows: checks.map(row) }
}

function loadBlocks(load: LoadResult): readonly Block[] {
  const most = Math.max(...load.buckets.map((bucket) => bucket.count))
  const bars = load.buckets.map(({ belowMs, count }) => {
    const bar = '█'.repeat(Math.max(1, Math.round((count / most) * 40)))
    return `${`≤ ${belowMs} ms`.padStart(12)} ${bar} ${count}`
  })
  const row = (name: string, one: LoadResult | LoadResult['targets'][number]): readonly Cell[] => [
    name,
    ...[one.count, one.errors, one.p50Ms, one.p95Ms, one.p99Ms, one.maxMs].map(String),
  ]
  return [
    {
      kind: 'table',
      head: ['load', 'requests', 'errors', 'p50 ms', 'p95 ms', 'p99 ms', 'max ms'],
      rows: [row('all', load), ...load.targets.map((target) => row(target.name, target))],
    },
    { kind: 'code', language: 'text', text: bars.join('\n') },
  ]
}
