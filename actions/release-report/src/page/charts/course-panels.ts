import { area, curveStepAfter, line } from 'd3-shape'
import type { Interval, VersionTraffic } from '../../read/course.ts'
import { html, type Html } from '../html.ts'
import { duration, powerOfTen, powers, roundUp, scale, short, type Scale } from './scale.ts'

/** Position of a panel on the page; `x` takes ms since 1970. */
export interface Place {
  readonly x: Scale
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

export interface Panel {
  readonly name: string
  /** The figures in words, with the marks of the lines. */
  readonly caption: Html
  readonly height: number
  readonly draw: (place: Place) => Html
}

type Course = readonly Interval[]

/** Names and limit that a chart shows beside its course. */
export interface Labels {
  /** Of the new version and the old one: `canary` and `stable`, or `green` and `blue`. */
  readonly names: { readonly canary: string; readonly stable: string }
  /** The evidence that rolls it back; null if the document lacks it. */
  readonly limit: number | null
}

export function weightPanel(course: Course, { names }: Labels): Panel {
  const last = course.at(-1)
  const end = Math.min(100, roundUp(1.2 * Math.max(1, ...course.map(({ weightPercent }) => weightPercent))))
  const steady = course.every(({ weightPercent }) => weightPercent === course[0]?.weightPercent)
  return {
    name: `traffic on ${names.canary}`,
    caption: html`${short(last?.weightPercent ?? 0)}%${steady ? ' throughout' : ' at the end'}`,
    height: 52,
    draw: (place) => {
      const { x, top, bottom } = place
      const y = scale([0, end], [bottom, top])
      const steps = [
        ...course.map(({ fromMs, weightPercent }) => ({ atMs: fromMs, weightPercent })),
        ...(last === undefined ? [] : [{ atMs: last.toMs, weightPercent: last.weightPercent }]),
      ]
      const at = ({ atMs }: (typeof steps)[number]) => x(atMs)
      const up = ({ weightPercent }: (typeof steps)[number]) => y(weightPercent)
      const path = line(at, up).curve(curveStepAfter).digits(1)(steps)
      const filled = area(at, bottom, up).curve(curveStepAfter).digits(1)(steps)
      return html`${[0, end / 2, end].map((value) => rule(place, y(value), `${short(value)}%`))}
        <path class="area" d="${filled}" /> <path class="canary" d="${path}" />`
    },
  }
}

export function failedPanel(course: Course, { names }: Labels): Panel {
  const rate = ({ requests, errors }: VersionTraffic) => (requests > 0 ? (100 * errors) / requests : null)
  const all = (of: 'canary' | 'stable') => {
    const sum = (what: 'requests' | 'errors') => course.reduce((total, one) => total + one[of][what], 0)
    const share = rate({ requests: sum('requests'), errors: sum('errors'), p95Ms: null })
    return share === null ? 'no requests' : `${short(share, 2)}%`
  }
  return {
    name: 'failed requests',
    caption: both(names, all('canary'), all('stable')),
    height: 84,
    draw: lines(course, rate, { least: 1, most: 100, label: (value) => `${short(value)}%` }),
  }
}

/** null if no version has a known latency. */
export function latencyPanel(course: Course, { names }: Labels): Panel | null {
  const p95 = ({ requests, p95Ms }: VersionTraffic) => (requests > 0 ? p95Ms : null)
  const latest = (of: 'canary' | 'stable') => {
    const known = course.map((one) => p95(one[of])).findLast((value) => value !== null) ?? null
    return known === null ? null : duration(known)
  }
  const [canary, stable] = [latest('canary'), latest('stable')]
  if (canary === null && stable === null) return null
  return {
    name: '95 % answered within',
    caption: both(names, canary ?? 'unknown', stable ?? 'unknown'),
    height: 84,
    draw: lines(course, p95, { least: 1, most: Infinity, label: duration }),
  }
}

/** On a logarithmic scale; values far beyond the limit are drawn at the edge. */
export function evidencePanel(course: Course, { names, limit }: Labels): Panel {
  const logs = course.map(({ value }) => Math.log10(value))
  const end = limit === null ? 0 : Math.log10(limit)
  const most = Math.max(
    1,
    Math.min(Math.ceil(end) + 3, Math.max(Math.floor(end) + 1, Math.ceil(Math.max(...logs)))),
  )
  const least = Math.max(-3, Math.min(-1, Math.floor(Math.min(...logs))))
  const now = short(course.at(-1)?.value ?? 1)
  return {
    name: `evidence against ${names.canary}`,
    caption: html`<tspan class="canary">●</tspan>
      ${now}${limit === null ? '' : `; rollback at ${short(limit)}`}`,
    height: 84,
    draw: (place) => {
      const { x, left, right, top, bottom } = place
      const y = scale([least, most], [bottom, top])
      const begun = { at: course[0]?.fromMs ?? 0, value: 0, span: 0 }
      const points = [
        begun,
        ...course.map(({ fromMs, toMs }, i) => ({ at: toMs, value: logs[i] ?? 0, span: toMs - fromMs })),
      ]
      return html`${powers(least, most).map((power) => rule(place, y(power), powerOfTen(power)))}
      ${
        limit === null
          ? null
          : html`<rect
                class="beyond"
                x="${left}"
                y="${top}"
                width="${right - left}"
                height="${px(y(end) - top)}"
              />
              <path class="limit" d="M${left} ${px(y(end))}H${right}" />`
      }
      ${curve(points, { x, y, look: 'canary' })}`
    },
  }
}

interface Point {
  /** ms since 1970. */
  readonly at: number
  readonly value: number
  /** Length of its interval, in ms. */
  readonly span: number
}

interface Axis {
  /** The axis ends here at least, and at most there. */
  readonly least: number
  readonly most: number
  readonly label: (value: number) => string
}

/** Both versions on one axis from 0. */
function lines(
  course: Course,
  of: (traffic: VersionTraffic) => number | null,
  { least, most, label }: Axis,
): Panel['draw'] {
  const points = (which: 'canary' | 'stable') =>
    course.flatMap((one): readonly Point[] => {
      const value = of(one[which])
      return value === null ? [] : [{ at: (one.fromMs + one.toMs) / 2, value, span: one.toMs - one.fromMs }]
    })
  const [canary, stable] = [points('canary'), points('stable')]
  const end = Math.min(most, roundUp(Math.max(least, ...[...canary, ...stable].map(({ value }) => value))))
  return (place) => {
    const y = scale([0, end], [place.bottom, place.top])
    return html`${[0, end / 2, end].map((value) => rule(place, y(value), label(value)))}
    ${curve(stable, { x: place.x, y, look: 'stable' })} ${curve(canary, { x: place.x, y, look: 'canary' })}`
  }
}

/** A line with a mark at each point; a long gap in the measurements breaks it. */
function curve(
  points: readonly Point[],
  { x, y, look }: { readonly x: Scale; readonly y: Scale; readonly look: string },
): Html {
  const draw = line<Point>(
    ({ at }) => x(at),
    ({ value }) => y(value),
  ).digits(1)
  const size = points.length > 30 ? 1.4 : 2.2
  return html`<path
      class="${look}"
      d="${unbroken(points)
        .map((part) => draw([...part]) ?? '')
        .join('')}"
    />
    ${points.map(({ at, value }) => html`<circle class="${look}" cx="${px(x(at))}" cy="${px(y(value))}" r="${size}" />`)}`
}

function unbroken(points: readonly Point[]): readonly (readonly Point[])[] {
  const parts: Point[][] = []
  for (const [i, point] of points.entries()) {
    const before = points[i - 1]
    const gap = before === undefined || point.at - before.at > 3 * Math.max(point.span, before.span)
    if (gap) parts.push([point])
    else parts.at(-1)?.push(point)
  }
  return parts
}

/** A line of the grid with its label. */
const rule = ({ left, right }: Place, y: number, label: string): Html =>
  html`<path class="grid" d="M${left} ${px(y)}H${right}" />
    <text x="${left - 6}" y="${px(y + 4)}" text-anchor="end">${label}</text>`

const both = (names: Labels['names'], canary: string, stable: string): Html =>
  html`<tspan class="canary">●</tspan> ${names.canary} ${canary}
    <tspan class="stable" dx="8">○</tspan> ${names.stable} ${stable}`

const px = (value: number): string => value.toFixed(1)
