import { formatDuration } from '@alt-las/time'
import type { Interval, VersionTraffic } from '../../read/course.ts'
import { html, type Html } from '../html.ts'
import {
  evidencePanel,
  failedPanel,
  latencyPanel,
  weightPanel,
  type Place,
  type Panel,
  type Labels,
} from './course-panels.ts'
import { duration, moments, scale, short, type Scale } from './scale.ts'

export interface ChartLabels extends Labels {
  readonly service: string
  readonly verdict: string
  /** Number of this chart on the page. */
  readonly id: number
}

const width = 520
const [left, right, head, gap, foot] = [52, 10, 26, 16, 20]

/** Weight, failures, latency and evidence of a rollout, stacked over one time axis. Nothing for an empty course. */
export function courseChart(course: readonly Interval[], labels: ChartLabels): Html {
  const [first] = course
  const last = course.at(-1)
  if (first === undefined || last === undefined) return html``
  const x = scale([first.fromMs, last.toMs], [left, width - right])
  const panels = [weightPanel, failedPanel, latencyPanel, evidencePanel]
    .map((panel) => panel(course, labels))
    .filter((panel) => panel !== null)
  const rows = panels.map(({ height }, i) => {
    const before = panels.slice(0, i).reduce((sum, panel) => sum + head + panel.height + gap, 0)
    return { top: before + head, bottom: before + head + height }
  })
  const bottom = rows.at(-1)?.bottom ?? 0
  const names = `course-${labels.id}-title course-${labels.id}-text`
  return html`<svg
    class="chart course ${labels.names.canary}"
    viewBox="0 0 ${width} ${bottom + foot}"
    role="img"
    aria-labelledby="${names}"
  >
    <title id="course-${labels.id}-title">The rollout of ${labels.service} over time</title>
    <desc id="course-${labels.id}-text">${describe(course, labels)}</desc>
    ${changes(course).map((at) => upright(x(at), rows, 'guide'))}
    ${panels.map((panel, i) => drawn(panel, { x, left, right: width - right, top: 0, bottom: 0, ...rows[i] }))}
    ${turn(course, labels, x, rows)}
    ${moments(last.toMs - first.fromMs).map((after) => time(x(first.fromMs + after), bottom + 15, after))}
    ${course.map((one) => column(one, { ...labels, begun: first.fromMs, x, bottom }))}
  </svg>`
}

function drawn({ name, caption, draw }: Panel, place: Place): Html {
  return html`<text class="name" x="0" y="${place.top - 11}">${name}</text>
    <text x="${place.right}" y="${place.top - 11}" text-anchor="end">${caption}</text>
    ${draw(place)}`
}

type Row = Pick<Place, 'top' | 'bottom'>

/** A moment, in every panel. */
const upright = (x: number, rows: readonly Row[], look: string): Html =>
  html`<path
    class="${look}"
    d="${rows.map(({ top, bottom }) => `M${x.toFixed(1)} ${top}V${bottom}`).join('')}"
  />`

/** The times at which the weight changed. */
const changes = (course: readonly Interval[]): readonly number[] =>
  course.flatMap((one, i) =>
    i > 0 && one.weightPercent !== course[i - 1]?.weightPercent ? [one.fromMs] : [],
  )

/** The time at which the evidence reached the limit; else the end of a rollout that was rolled back for another cause. */
function turn(
  course: readonly Interval[],
  { limit, verdict }: ChartLabels,
  x: Scale,
  rows: readonly Row[],
): Html | null {
  const back = verdict === 'rolled-back'
  const enough = limit === null ? undefined : course.find(({ value }) => value >= limit)
  const end = enough ?? (back ? course.at(-1) : undefined)
  if (end === undefined) return null
  const at = x(end.toMs)
  const before = at > width / 2
  return html`${upright(at, rows, 'limit')}
    <text
      class="limit"
      x="${(at + (before ? -5 : 5)).toFixed(1)}"
      y="${(rows.at(-1)?.bottom ?? 0) - 6}"
      text-anchor="${before ? 'end' : 'start'}"
    >
      ${back ? 'rolled back' : 'limit reached'}
    </text>`
}

function time(x: number, y: number, after: number): Html {
  const label = after === 0 ? '0' : formatDuration(after).replace(/(?<=[hm])00[ms]$/, '')
  const anchor = after === 0 ? 'start' : x > width - right - 12 ? 'end' : 'middle'
  return html`<text x="${x.toFixed(1)}" y="${y}" text-anchor="${anchor}">${label}</text>`
}

interface Pointed extends Pick<Labels, 'names'> {
  /** When the course began, ms since 1970. */
  readonly begun: number
  readonly x: Scale
  readonly bottom: number
}

/** Invisible; shows the figures of an interval on hover. */
function column(one: Interval, { names, begun, x, bottom }: Pointed): Html {
  const said = ({ requests, errors, p95Ms }: VersionTraffic) =>
    `${Math.round(errors)} of ${Math.round(requests)} failed${p95Ms === null ? '' : `, 95 % within ${duration(p95Ms)}`}`
  const text = [
    `${formatDuration(one.fromMs - begun)} to ${formatDuration(one.toMs - begun)}, ${short(one.weightPercent)}% of the traffic`,
    `${names.canary}: ${said(one.canary)}`,
    `${names.stable}: ${said(one.stable)}`,
    `evidence: ${short(one.value)}`,
  ].join('\n')
  return html`<rect
    class="column"
    x="${x(one.fromMs).toFixed(1)}"
    y="${head}"
    width="${(x(one.toMs) - x(one.fromMs)).toFixed(1)}"
    height="${bottom - head}"
    ><title>${text}</title></rect
  >`
}

function describe(course: readonly Interval[], { names, verdict, limit }: ChartLabels): string {
  const last = course.at(-1)
  const of = limit === null ? '' : `, limit ${short(limit)}`
  return `Share of the traffic, failed requests and latency of both versions, and the evidence against ${names.canary}, over ${formatDuration((last?.toMs ?? 0) - (course[0]?.fromMs ?? 0))}. At the end: ${short(last?.weightPercent ?? 0)}% of the traffic, evidence ${short(last?.value ?? 1)}${of}; ${verdict}.`
}
