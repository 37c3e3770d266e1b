import { percentage, type LoadResult } from '@alt-las/load'
import type { Block, Cell, Report } from '@alt-las/outcome'
import { capacityBlocks } from './capacity/capacity-blocks.ts'
import { causeOfAll } from './cause.ts'
import type { Check, CheckKind } from './check.ts'
import type { Results, VerifyOutcome } from './outcome.ts'

const marks = { passed: '✅', refused: '❌', failed: '⚠️' } as const
/** Passed for what could be looked at. */
const partly = '🟡'
const titles = {
  health: 'Health',
  api: 'API',
  security: 'Security',
  load: 'Load',
  capacity: 'Capacity',
  monitor: 'Monitor',
} as const

/** The sentence first, then each kind in one line, then the refused checks with their remedies, then all checks by kind. */
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
  { checks, load, capacity }: Results,
  notRun: readonly CheckKind[] = [],
): Required<Pick<Report, 'blocks' | 'findings'>> {
  const against = checks.filter((one) => one.outcome !== 'passed')
  const kinds = [...Map.groupBy(checks, (one) => one.kind)]
  const open = checks.flatMap(({ name, notChecked = [] }) => notChecked.map((what) => [name, what]))
  return {
    blocks: [
      ...(checks.length + notRun.length === 0 ? [] : [overview(kinds, notRun)]),
      ...(against.length === 0 ? [] : [blame(checks), problems(against)]),
      ...(load === null ? [] : loadBlocks(load)),
      ...(capacity === null ? [] : capacityBlocks(capacity)),
      ...(open.length === 0 ? [] : [notLookedAt(open)]),
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

type OfKind = readonly [CheckKind, readonly Check[]]

/** One line for each kind: what a reader has time for. */
function overview(kinds: readonly OfKind[], notRun: readonly CheckKind[]): Block {
  const rows = kinds.map(([kind, own]): readonly Cell[] => {
    const first = own.find(({ outcome }) => outcome !== 'passed')
    const text = first === undefined ? '' : `${first.name}: ${withoutRemedy(first)}`
    return [markOf(own), titles[kind], tally(own), text]
  })
  const absent = notRun.map((kind): readonly Cell[] => ['⏭️', titles[kind], 'did not run', ''])
  return { kind: 'table', head: ['', 'check', 'result', 'first finding'], rows: [...rows, ...absent] }
}

function markOf(checks: readonly Check[]): string {
  const has = (outcome: Check['outcome']) => checks.some((one) => one.outcome === outcome)
  if (has('refused')) return marks.refused
  if (has('failed')) return marks.failed
  return checks.some(({ notChecked = [] }) => notChecked.length > 0) ? partly : marks.passed
}

function blame(checks: readonly Check[]): Block {
  const isService = causeOfAll(checks) === 'service'
  const text = isService ? 'The cause is the verified service.' : 'The cause is not the verified service.'
  return { kind: 'paragraph', text }
}

function problems(against: readonly Check[]): Block {
  const rows = against.map((one): readonly Cell[] => [
    marks[one.outcome],
    `${titles[one.kind]}: ${one.name}`,
    withoutRemedy(one),
    one.remedy ?? '',
  ])
  return { kind: 'table', head: ['', 'against it', 'finding', 'remedy'], rows }
}

/** The remedy has a column of its own. */
function withoutRemedy({ because, remedy = '' }: Check): string {
  return remedy !== '' && because.endsWith(`; ${remedy}`) ? because.slice(0, -remedy.length - 2) : because
}

function notLookedAt(open: readonly (readonly string[])[]): Block {
  const rows = open.map(([name = '', what = '']): readonly Cell[] => [name, what])
  return {
    kind: 'details',
    summary: `Not checked: ${open.length}`,
    blocks: [{ kind: 'table', head: ['check', 'not checked'], rows }],
  }
}

/** The outputs that only this action has; a run that fails has them too. */
export function outputsOf({
  checks,
  load,
  capacity,
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
    'max-rate': capacity === null ? '' : String(capacity.maxRate),
    'error-rate': load === null ? '' : percentage(load.errorRate),
  }
}

function tally(checks: readonly Check[]): string {
  const passed = checks.filter((one) => one.outcome === 'passed').length
  return passed === checks.length ? `all ${passed} passed` : `${passed} of ${checks.length} passed`
}

function table(checks: readonly Check[]): Block {
  const row = (one: Check): readonly Cell[] => [markOf([one]), one.name, one.because, `${one.ms} ms`]
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
