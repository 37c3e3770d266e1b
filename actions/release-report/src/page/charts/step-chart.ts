import { area, curveStepAfter, line } from 'd3-shape'
import { formatDuration } from '@alt-las/time'
import { html, type Html } from '../html.ts'
import { scale } from './scale.ts'

export interface Point {
  /** Milliseconds since 1970. */
  readonly atMs: number
  readonly percent: number
  readonly label: string
}

const [width, height] = [520, 130]
const box = { left: 42, right: width - 8, top: 14, bottom: height - 22 }

/** A value that holds until the next point: the canary's share of the traffic. */
export function stepChart(points: readonly Point[]): Html {
  const from = points[0]?.atMs ?? 0
  const to = Math.max(points.at(-1)?.atMs ?? 0, from + 1)
  const x = scale([from, to], [box.left, box.right])
  const y = scale([0, 100], [box.bottom, box.top])
  const at = ({ atMs }: Point) => x(atMs)
  const up = ({ percent }: Point) => y(percent)
  const path = line(at, up).curve(curveStepAfter).digits(1)([...points]) ?? ''
  const filled = area(at, box.bottom, up).curve(curveStepAfter).digits(1)([...points]) ?? ''
  return html`<svg
    class="chart"
    viewBox="0 0 ${width} ${height}"
    role="img"
    aria-label="share of traffic over time"
  >
    ${[0, 50, 100].map(
      (percent) =>
        html`<line
            x1="${box.left}"
            x2="${box.right}"
            y1="${y(percent)}"
            y2="${y(percent)}"
            stroke="var(--line)"
          />
          <text x="${box.left - 6}" y="${y(percent) + 4}" text-anchor="end">${percent}%</text>`,
    )}
    <path d="${filled}" fill="var(--canary)" opacity=".16" />
    <path d="${path}" fill="none" stroke="var(--canary)" stroke-width="2" stroke-linejoin="round" />
    ${points.map(
      (point) =>
        html`<circle cx="${at(point).toFixed(1)}" cy="${up(point).toFixed(1)}" r="2.6" fill="var(--canary)"
          ><title>${point.label}, ${point.percent}% after ${formatDuration(point.atMs - from)}</title></circle
        >`,
    )}
    <text x="${box.left}" y="${height - 5}">0s</text>
    <text x="${box.right}" y="${height - 5}" text-anchor="end">${formatDuration(to - from)}</text>
  </svg>`
}
