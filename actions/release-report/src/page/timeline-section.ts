import { formatDuration } from '@alt-las/time'
import type { Bar, Timeline } from '../read/timeline.ts'
import { html, type Html } from './html.ts'

const known = ['build-image', 'scan-trivy', 'push-image', 'canary-deploy', 'verify']

/** Who worked when, on one scale. */
export function timelineSection(line: Timeline | null): Html {
  if (line === null) return html``
  const used = known.filter((action) => line.rows.some(({ bars }) => bars.some((bar) => bar.name === action)))
  return html`<section>
    <h2>Timeline</h2>
    <div class="gantt">
      ${line.rows.map(({ service, bars }) => row(service, bars, line))}
      <span></span>
      <div class="axis">${[0, 0.25, 0.5, 0.75, 1].map((share) => tick(share, line))}</div>
      <span></span>
    </div>
    <div class="legend">
      ${used.map((action) => html`<span><i class="swatch ${action}"></i>${action}</span>`)}
    </div>
  </section>`
}

function row(service: string, bars: readonly Bar[], line: Timeline): Html {
  const busy = bars.reduce((sum, bar) => sum + bar.to - bar.from, 0)
  return html`<span class="who">${service}</span>
    <div class="track">${bars.map((bar) => draw(bar, line))}</div>
    <span class="took">${formatDuration(busy)}</span>`
}

function draw(bar: Bar, { from, to }: Timeline): Html {
  const all = Math.max(1, to - from)
  const left = ((bar.from - from) / all) * 100
  const width = ((bar.to - bar.from) / all) * 100
  const look = known.includes(bar.name) ? bar.name : 'other'
  const title = `${bar.name} ${bar.outcome} after ${formatDuration(bar.to - bar.from)}: ${bar.because}`
  const took = formatDuration(bar.to - bar.from)
  const label = width > 20 ? `${bar.name} ${took}` : width > 6 ? took : ''
  return html`<div
    class="bar ${look} is-${bar.outcome}${label === '' ? ' tight' : ''}"
    style="left:${left.toFixed(2)}%;width:${width.toFixed(2)}%"
    title="${title}"
  >
    ${label}
  </div>`
}

function tick(share: number, { from, to }: Timeline): Html {
  return html`<span style="left:${share * 100}%">${formatDuration((to - from) * share)}</span>`
}
