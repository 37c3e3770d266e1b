import type { Counts } from '@alt-las/judge'
import type { Block } from '@alt-las/outcome'
import { type Course, type Strategy, versionNames } from '@alt-las/rollout'
import { type Samples, samplesOf } from './picture-samples.ts'
import { xychart } from './xychart.ts'

export interface Drawn {
  /** 1/risk. */
  readonly limit: number
  readonly rolledBack: boolean
  readonly strategy: Strategy
}

interface Chart {
  readonly name: string
  readonly text: string
}

/** The course as charts for a summary: the most relevant one is open, the others one click away. Nothing for an empty course. */
export function pictureBlocks(course: Course, drawn: Drawn): readonly Block[] {
  if (course.length === 0) return []
  const charts = chartsOf(course, drawn)
  const first = charts.find(({ name }) => name === mostRelevant(course, drawn)) ?? charts[0]
  if (first === undefined) return []
  const others = charts.filter((chart) => chart !== first)
  return [
    { kind: 'paragraph', text: legend(course, drawn) },
    code(first),
    {
      kind: 'details',
      summary: `${list(others.map(({ name }) => name))} over time`,
      blocks: others.map(code),
    },
  ]
}

const code = ({ text }: Chart): Block => ({ kind: 'code', language: 'mermaid', text })

const list = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`

/** After a rollback its cause; else the ramp of the traffic, or failures of both versions. */
function mostRelevant(course: Course, { rolledBack }: Drawn): string {
  if (!rolledBack) return isRamp(course) ? 'weight' : 'failed requests'
  const { canary, stable } = totals(course)
  if (rate(canary) > rate(stable)) return 'failed requests'
  const slowest = (of: 'canary' | 'stable') => Math.max(0, ...course.map((one) => one[of].p95 ?? 0))
  return slowest('canary') > 1.1 * slowest('stable') ? 'latency' : 'evidence'
}

const isRamp = (course: Course): boolean => course.some(({ weight }) => weight !== course[0]?.weight)

const rate = ({ requests, errors }: Counts): number => (requests > 0 ? errors / requests : 0)

function totals(course: Course): { readonly canary: Counts; readonly stable: Counts } {
  const sum = (of: 'canary' | 'stable') => ({
    requests: course.reduce((all, one) => all + one[of].requests, 0),
    errors: course.reduce((all, one) => all + one[of].errors, 0),
  })
  return { canary: sum('canary'), stable: sum('stable') }
}

// No version of Mermaid below 12 draws a legend; these squares have the lines' colours.
const looks = {
  canary: { square: '🟧', name: 'canary', color: '#e8890c', said: 'canary (orange)' },
  green: { square: '🟩', name: 'green', color: '#2da44e', said: 'green' },
  stable: { square: '🟦', name: 'stable', color: '#2f81f7', said: 'stable (blue)' },
  blue: { square: '🟦', name: 'blue', color: '#2f81f7', said: 'blue' },
  limit: { square: '🟥', name: 'limit', color: '#d1242f' },
}

function looksOf(drawn: Drawn) {
  const { name, old } = versionNames(drawn)
  return { canary: looks[name], stable: looks[old] }
}

function legend(course: Course, drawn: Drawn): string {
  const { canary, stable } = looksOf(drawn)
  const at = isRamp(course) ? '' : ` · ${short(course[0]?.weight ?? 0)} % of the traffic throughout`
  return `${canary.square} ${canary.name}, and the evidence against it · ${stable.square} ${stable.name} · ${looks.limit.square} the limit at which it is rolled back${at}`
}

function chartsOf(course: Course, drawn: Drawn): readonly Chart[] {
  const samples = samplesOf(course)
  const latency = latencyChart(samples, drawn)
  return [
    // A constant weight is a sentence, not a curve.
    ...(isRamp(course) ? [{ name: 'weight', text: weightChart(samples, drawn) }] : []),
    { name: 'failed requests', text: failedChart(samples, totals(course), drawn) },
    ...(latency === null ? [] : [{ name: 'latency', text: latency }]),
    { name: 'evidence', text: evidenceChart(samples, course, drawn) },
  ]
}

function weightChart(samples: Samples, drawn: Drawn): string {
  const { canary } = looksOf(drawn)
  return xychart(samples, {
    title: `percent of the traffic on ${canary.name}`,
    y: ['percent', 0, Math.min(100, roundUp(1.2 * Math.max(1, ...samples.weight)))],
    lines: [{ ...canary, values: samples.weight }],
  })
}

function failedChart(samples: Samples, all: ReturnType<typeof totals>, drawn: Drawn): string {
  const { canary, stable } = looksOf(drawn)
  const said = ({ requests, errors }: Counts) =>
    requests > 0 ? `${short((100 * errors) / requests, 2)} %` : 'had no requests'
  const lines = [
    { ...stable, values: samples.stable.failed },
    { ...canary, values: samples.canary.failed },
  ]
  return xychart(samples, {
    title: `failed requests in all: ${canary.said} ${said(all.canary)}, ${stable.said} ${said(all.stable)}`,
    y: ['percent', 0, Math.min(100, roundUp(Math.max(1, ...known(lines))))],
    lines,
  })
}

/** null if no version has a known latency. */
function latencyChart(samples: Samples, drawn: Drawn): string | null {
  const { canary, stable } = looksOf(drawn)
  const lines = [
    { ...stable, values: samples.stable.p95 },
    { ...canary, values: samples.canary.p95 },
  ]
  const values = known(lines)
  if (values.length === 0) return null
  const said = (values: readonly (number | null)[]) => {
    const last = values.findLast((value) => value !== null) ?? null
    return last === null ? 'unknown' : `${short(last)} ms`
  }
  return xychart(samples, {
    title: `95 % answered within, at the end: ${canary.said} ${said(samples.canary.p95)}, ${stable.said} ${said(samples.stable.p95)}`,
    y: ['ms', 0, roundUp(Math.max(1, ...values))],
    lines,
  })
}

const known = (lines: readonly { readonly values: readonly (number | null)[] }[]): readonly number[] =>
  lines.flatMap(({ values }) => values.filter((value) => value !== null))

/** Powers of ten; values far beyond the limit are cut off. */
function evidenceChart(samples: Samples, course: Course, drawn: Drawn): string {
  const { canary } = looksOf(drawn)
  const limit = Math.log10(drawn.limit)
  const values = samples.evidence.map((value) =>
    Math.min(Math.ceil(limit) + 3, Math.max(-3, Math.log10(Math.max(value, 1e-3)))),
  )
  const top = Math.max(Math.floor(limit) + 1, Math.ceil(Math.max(...values)))
  return xychart(samples, {
    title: `evidence against ${canary.name}: ${short(course.at(-1)?.evidence ?? 1)}; rollback at ${short(drawn.limit)} (red)`,
    y: ['powers of ten', Math.min(-1, Math.floor(Math.min(...values))), top],
    lines: [
      { ...canary, name: 'evidence', values },
      { ...looks.limit, values: values.map(() => limit) },
    ],
  })
}

/** The next number that an axis may end with. */
function roundUp(value: number): number {
  const unit = 10 ** Math.floor(Math.log10(value))
  return (ends.find((times) => times * unit >= value) ?? 10) * unit
}

const ends = [1, 1.5, 2, 2.5, 4, 5, 6, 8]

/** Three figures at most. */
const short = (value: number, figures = 3): string =>
  value >= 1e6 || (value > 0 && value < 1e-3)
    ? value.toExponential(0)
    : String(Number(value.toPrecision(figures)))
