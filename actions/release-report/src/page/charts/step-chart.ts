import { formatDuration } from '@alt-las/time'
import { html, type Html } from '../html.ts'

export interface Point {
  /** Milliseconds since 1970. */
  readonly at: number
  /** 0..100 */
  readonly value: number
  readonly label: string
}

const width = 520
const height = 130
const box = { left: 42, right: 8, top: 14, bottom: 22 }

/** A value that holds until the next point: the canary's share of traffic. */
export function stepChart(points: readonly Point[]): Html {
  const from = points[0]?.at ?? 0
  const to = Math.max(points.at(-1)?.at ?? 0, from + 1)
  const x = (at: number) => box.left + ((at - from) / (to - from)) * (width - box.left - box.right)
  const y = (value: number) => height - box.bottom - (value / 100) * (height - box.top - box.bottom)
  const line = points
    .map(
      ({ at, value }, index) =>
        `${index === 0 ? 'M' : 'H'}${x(at).toFixed(1)}${index === 0 ? ` ${y(value).toFixed(1)}` : `V${y(value).toFixed(1)}`}`,
    )
    .join('')
  const area = `${line}V${y(0).toFixed(1)}H${x(from).toFixed(1)}Z`
  return html`<svg
    class="chart"
    viewBox="0 0 ${width} ${height}"
    role="img"
    aria-label="share of traffic over time"
  >
    ${[0, 50, 100].map(
      (value) =>
        html`<line
            x1="${box.left}"
            x2="${width - box.right}"
            y1="${y(value)}"
            y2="${y(value)}"
            stroke="var(--line)"
          />
          <text x="${box.left - 6}" y="${y(value) + 4}" text-anchor="end">${value}%</text>`,
    )}
    <path d="${area}" fill="var(--canary)" opacity=".16" />
    <path d="${line}" fill="none" stroke="var(--canary)" stroke-width="2" stroke-linejoin="round" />
    ${points.map(
      ({ at, value, label }) =>
        html`<circle cx="${x(at).toFixed(1)}" cy="${y(value).toFixed(1)}" r="2.6" fill="var(--canary)"
          ><title>${label}, ${value}% after ${formatDuration(at - from)}</title></circle
        >`,
    )}
    <text x="${box.left}" y="${height - 5}">0s</text>
    <text x="${width - box.right}" y="${height - 5}" text-anchor="end">${formatDuration(to - from)}</text>
  </svg>`
}
