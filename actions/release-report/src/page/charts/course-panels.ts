import type { Arm, Stretch } from '../../read/course.ts'
import { html, type Html } from '../html.ts'
import { duration, powerOfTen, powers, roundUp, scale, short, type Scale } from './scale.ts'

/** Where a panel lies on the page; `x` takes ms since 1970. */
export interface Place {
  readonly x: Scale
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

export interface Panel {
  readonly name: string
  /** The figures in words, with the signs of the lines. */
  readonly told: Html
  readonly height: number
  readonly draw: (place: Place) => Html
}

type Course = readonly Stretch[]

/** What a picture says beside its course. */
export interface Words {
  /** Of the new version and the old one: `canary` and `stable`, or `green` and `blue`. */
  readonly names: { readonly canary: string; readonly stable: string }
  /** The evidence that rolls it back; null where the document does not say. */
  readonly limit: number | null
}

export function weightPanel(course: Course, { names }: Words): Panel {
  const last = short(course.at(-1)?.weight ?? 0)
  const end = Math.min(100, roundUp(1.2 * Math.max(1, ...course.map(({ weight }) => weight))))
  const steady = course.every(({ weight }) => weight === course[0]?.weight)
  return {
    name: `traffic on ${names.canary}`,
    told: html`${last}%${steady ? ' throughout' : ' at the end'}`,
    height: 52,
    draw: (place) => {
      const { x, top, bottom } = place
      const y = scale([0, end], [bottom, top])
      const line = course.map(({ from, to, weight }, i) => {
        const start = i === 0 ? `M${px(x(from))} ${px(y(weight))}` : `H${px(x(from))}V${px(y(weight))}`
        return `${start}H${px(x(to))}`
      })
      const area = `${line.join('')}V${px(bottom)}H${px(x(course[0]?.from ?? 0))}Z`
      return html`${[0, end / 2, end].map((value) => rule(place, y(value), `${short(value)}%`))}
        <path class="area" d="${area}" /> <path class="canary" d="${line.join('')}" />`
    },
  }
}

export function failedPanel(course: Course, { names }: Words): Panel {
  const rate = ({ requests, errors }: Arm) => (requests > 0 ? (100 * errors) / requests : null)
  const all = (of: 'canary' | 'stable') => {
    const sum = (what: 'requests' | 'errors') => course.reduce((total, one) => total + one[of][what], 0)
    const share = rate({ requests: sum('requests'), errors: sum('errors'), p95: null })
    return share === null ? 'no requests' : `${short(share, 2)}%`
  }
  return {
    name: 'failed requests',
    told: both(names, all('canary'), all('stable')),
    height: 84,
    draw: lines(course, rate, { least: 1, most: 100, label: (value) => `${short(value)}%` }),
  }
}

/** null where no latency is known of either version. */
export function latencyPanel(course: Course, { names }: Words): Panel | null {
  const p95 = (arm: Arm) => (arm.requests > 0 ? arm.p95 : null)
  const latest = (of: 'canary' | 'stable') => {
    const known = course.map((one) => p95(one[of])).findLast((value) => value !== null) ?? null
    return known === null ? null : duration(known)
  }
  const [canary, stable] = [latest('canary'), latest('stable')]
  if (canary === null && stable === null) return null
  return {
    name: '95 % answered within',
    told: both(names, canary ?? 'unknown', stable ?? 'unknown'),
    height: 84,
    draw: lines(course, p95, { least: 1, most: Infinity, label: duration }),
  }
}

/** On a scale of powers of ten; what is far beyond the limit is drawn at the edge, since it says no more than the limit. */
export function evidencePanel(course: Course, { names, limit }: Words): Panel {
  const logs = course.map(({ evidence }) => Math.log10(evidence))
  const end = limit === null ? 0 : Math.log10(limit)
  const most = Math.max(
    1,
    Math.min(Math.ceil(end) + 3, Math.max(Math.floor(end) + 1, Math.ceil(Math.max(...logs)))),
  )
  const least = Math.max(-3, Math.min(-1, Math.floor(Math.min(...logs))))
  const now = short(course.at(-1)?.evidence ?? 1)
  return {
    name: `evidence against ${names.canary}`,
    told: html`<tspan class="canary">●</tspan>
      ${now}${limit === null ? '' : `; it goes back at ${short(limit)}`}`,
    height: 84,
    draw: (place) => {
      const { x, left, right, top, bottom } = place
      const y = scale([least, most], [bottom, top])
      const begun = { at: course[0]?.from ?? 0, value: 0, span: 0 }
      const points = [
        begun,
        ...course.map(({ to, from }, i) => ({ at: to, value: logs[i] ?? 0, span: to - from })),
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
  /** How long the stretch lasted that it stands for, in ms. */
  readonly span: number
}

interface Axis {
  /** The axis ends here at least, and at most there. */
  readonly least: number
  readonly most: number
  readonly label: (value: number) => string
}

/** Both versions on one axis from 0. */
function lines(course: Course, of: (arm: Arm) => number | null, { least, most, label }: Axis): Panel['draw'] {
  const points = (which: 'canary' | 'stable') =>
    course.flatMap((one): readonly Point[] => {
      const value = of(one[which])
      return value === null ? [] : [{ at: (one.from + one.to) / 2, value, span: one.to - one.from }]
    })
  const [canary, stable] = [points('canary'), points('stable')]
  const end = Math.min(most, roundUp(Math.max(least, ...[...canary, ...stable].map(({ value }) => value))))
  return (place) => {
    const y = scale([0, end], [place.bottom, place.top])
    return html`${[0, end / 2, end].map((value) => rule(place, y(value), label(value)))}
    ${curve(stable, { x: place.x, y, look: 'stable' })} ${curve(canary, { x: place.x, y, look: 'canary' })}`
  }
}

/** A line with a mark at each point; where nothing was measured for long, it is broken. */
function curve(
  points: readonly Point[],
  { x, y, look }: { readonly x: Scale; readonly y: Scale; readonly look: string },
): Html {
  const path = points.map((point, i) => {
    const before = points[i - 1]
    const broken = before === undefined || point.at - before.at > 3 * Math.max(point.span, before.span)
    return `${broken ? 'M' : 'L'}${px(x(point.at))} ${px(y(point.value))}`
  })
  const size = points.length > 30 ? 1.4 : 2.2
  return html`<path class="${look}" d="${path.join('')}" />
    ${points.map(({ at, value }) => html`<circle class="${look}" cx="${px(x(at))}" cy="${px(y(value))}" r="${size}" />`)}`
}

/** A line of the grid with its label. */
const rule = ({ left, right }: Place, y: number, label: string): Html =>
  html`<path class="grid" d="M${left} ${px(y)}H${right}" />
    <text x="${left - 6}" y="${px(y + 4)}" text-anchor="end">${label}</text>`

const both = (names: Words['names'], canary: string, stable: string): Html =>
  html`<tspan class="canary">●</tspan> ${names.canary} ${canary}
    <tspan class="stable" dx="8">○</tspan> ${names.stable} ${stable}`

const px = (value: number): string => value.toFixed(1)
