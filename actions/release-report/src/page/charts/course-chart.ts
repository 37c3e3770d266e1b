import { formatDuration } from '@alt-las/time'
import type { Arm, Stretch } from '../../read/course.ts'
import { html, type Html } from '../html.ts'
import {
  evidencePanel,
  failedPanel,
  latencyPanel,
  weightPanel,
  type Place,
  type Panel,
  type Words,
} from './course-panels.ts'
import { duration, moments, scale, short, type Scale } from './scale.ts'

export interface Told extends Words {
  readonly service: string
  readonly verdict: string
  /** Tells this picture from the others on the page. */
  readonly id: number
}

const width = 520
const [left, right, head, gap, foot] = [52, 10, 26, 16, 20]

/** Weight, failures, latency and evidence of a rollout, one above the other over one axis of time. Nothing for an empty course. */
export function courseChart(course: readonly Stretch[], told: Told): Html {
  const [first] = course
  const last = course.at(-1)
  if (first === undefined || last === undefined) return html``
  const x = scale([first.from, last.to], [left, width - right])
  const panels = [weightPanel, failedPanel, latencyPanel, evidencePanel]
    .map((panel) => panel(course, told))
    .filter((panel) => panel !== null)
  const rows = panels.map(({ height }, i) => {
    const before = panels.slice(0, i).reduce((sum, panel) => sum + head + panel.height + gap, 0)
    return { top: before + head, bottom: before + head + height }
  })
  const bottom = rows.at(-1)?.bottom ?? 0
  const names = `course-${String(told.id)}-title course-${String(told.id)}-text`
  return html`<svg
    class="chart course ${told.names.canary}"
    viewBox="0 0 ${width} ${bottom + foot}"
    role="img"
    aria-labelledby="${names}"
  >
    <title id="course-${told.id}-title">The rollout of ${told.service} over time</title>
    <desc id="course-${told.id}-text">${describe(course, told)}</desc>
    ${changes(course).map((at) => upright(x(at), rows, 'guide'))}
    ${panels.map((panel, i) => drawn(panel, { x, left, right: width - right, top: 0, bottom: 0, ...rows[i] }))}
    ${turn(course, told, x, rows)}
    ${moments(last.to - first.from).map((after) => time(x(first.from + after), bottom + 15, after))}
    ${course.map((one) => column(one, { ...told, begun: first.from, x, bottom }))}
  </svg>`
}

function drawn({ name, told, draw }: Panel, place: Place): Html {
  return html`<text class="name" x="0" y="${place.top - 11}">${name}</text>
    <text x="${place.right}" y="${place.top - 11}" text-anchor="end">${told}</text>
    ${draw(place)}`
}

type Row = Pick<Place, 'top' | 'bottom'>

/** A moment, in every panel. */
const upright = (x: number, rows: readonly Row[], look: string): Html =>
  html`<path
    class="${look}"
    d="${rows.map(({ top, bottom }) => `M${x.toFixed(1)} ${String(top)}V${String(bottom)}`).join('')}"
  />`

/** When the weight became another one. */
const changes = (course: readonly Stretch[]): readonly number[] =>
  course.flatMap((one, i) => (i > 0 && one.weight !== course[i - 1]?.weight ? [one.from] : []))

/** The moment at which there was evidence enough; else the end of what was brought back for another cause. */
function turn(
  course: readonly Stretch[],
  { limit, verdict }: Told,
  x: Scale,
  rows: readonly Row[],
): Html | null {
  const back = verdict === 'rolled-back'
  const enough = limit === null ? undefined : course.find(({ evidence }) => evidence >= limit)
  const end = enough ?? (back ? course.at(-1) : undefined)
  if (end === undefined) return null
  const at = x(end.to)
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

interface Pointed extends Pick<Words, 'names'> {
  /** When the course began, ms since 1970. */
  readonly begun: number
  readonly x: Scale
  readonly bottom: number
}

/** Nothing to see; the figures of a moment for who points at it. */
function column(one: Stretch, { names, begun, x, bottom }: Pointed): Html {
  const said = ({ requests, errors, p95 }: Arm) =>
    `${String(Math.round(errors))} of ${String(Math.round(requests))} failed${p95 === null ? '' : `, 95 % within ${duration(p95)}`}`
  const text = [
    `${formatDuration(one.from - begun)} to ${formatDuration(one.to - begun)}, ${short(one.weight)}% of the traffic`,
    `${names.canary}: ${said(one.canary)}`,
    `${names.stable}: ${said(one.stable)}`,
    `evidence: ${short(one.evidence)}`,
  ].join('\n')
  return html`<rect
    class="column"
    x="${x(one.from).toFixed(1)}"
    y="${head}"
    width="${(x(one.to) - x(one.from)).toFixed(1)}"
    height="${bottom - head}"
    ><title>${text}</title></rect
  >`
}

function describe(course: readonly Stretch[], { names, verdict, limit }: Told): string {
  const last = course.at(-1)
  const of = limit === null ? '' : `, where ${short(limit)} roll it back`
  return `Share of the traffic, failed requests and latency of both versions, and the evidence against ${names.canary}, over ${formatDuration((last?.to ?? 0) - (course[0]?.from ?? 0))}. At the end: ${short(last?.weight ?? 0)}% of the traffic, evidence ${short(last?.evidence ?? 1)}${of}; ${verdict}.`
}
