import { formatDuration } from '@alt-las/time'
import type { Bar, Timeline } from '../read/timeline.ts'
import { html, type Html } from './html.ts'

const known = ['build-image', 'scan-trivy', 'push-image', 'canary-deploy', 'verify']

/** The steps of all services on one time axis. */
export function timelineSection(line: Timeline | null): Html {
  if (line === null) return html``
  const used = known.filter((action) =>
    line.rows.some(({ bars }) => bars.some((bar) => bar.action === action)),
  )
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
  const busy = bars.reduce((sum, bar) => sum + bar.toMs - bar.fromMs, 0)
  return html`<span class="who">${service}</span>
    <div class="track">${bars.map((bar) => draw(bar, line))}</div>
    <span class="took">${formatDuration(busy)}</span>`
}

function draw(bar: Bar, { fromMs, toMs }: Timeline): Html {
  const all = Math.max(1, toMs - fromMs)
  const left = ((bar.fromMs - fromMs) / all) * 100
  const width = ((bar.toMs - bar.fromMs) / all) * 100
  const look = known.includes(bar.action) ? bar.action : 'other'
  const title = `${bar.action} ${bar.outcome} after ${formatDuration(bar.toMs - bar.fromMs)}: ${bar.because}`
  const took = formatDuration(bar.toMs - bar.fromMs)
  const label = width > 20 ? `${bar.action} ${took}` : width > 6 ? took : ''
  return html`<div
    class="bar ${look} is-${bar.outcome}${label === '' ? ' tight' : ''}"
    style="left:${left.toFixed(2)}%;width:${width.toFixed(2)}%"
    title="${title}"
  >
    ${label}
  </div>`
}

function tick(share: number, { fromMs, toMs }: Timeline): Html {
  return html`<span style="left:${share * 100}%">${formatDuration((toMs - fromMs) * share)}</span>`
}
