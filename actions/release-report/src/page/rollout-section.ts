import { type RolloutTarget, drawable } from '../read/course.ts'
import { type Entry, entriesOf } from '../read/entry.ts'
import { type ChartLabels, courseChart } from './charts/course-chart.ts'
import { stepChart } from './charts/step-chart.ts'
import { html, type Html } from './html.ts'

/** Traffic over time and the figures of each step, for each service that was rolled out. */
export function rolloutSection(entries: readonly Entry[]): Html {
  const rollouts = entriesOf('canary-deploy', entries).flatMap(rolloutsOf)
  if (rollouts.length === 0) return html``
  return html`<section>
    <h2>Rollouts</h2>
    <div class="pair">${rollouts.map(rollout)}</div>
  </section>`
}

interface Rollout {
  readonly service: string
  readonly outcome: string
  readonly because: string
  /** Absent in the document of a step that failed before it began. */
  readonly target: RolloutTarget | undefined
}

/** A document with several targets shows each that was judged; a document of the whole release shows only those. */
function rolloutsOf({ service, document }: Entry<'canary-deploy'>): readonly Rollout[] {
  const { outcome, because } = document
  const targets = document.evidence.targets ?? []
  const judged = targets
    .filter((target) => drawable(target).length > 0)
    .map((target) => ({
      service: target.deployment,
      outcome,
      because: target.judgement?.because ?? because,
      target,
    }))
  if (judged.length > 1 || service === 'release') return judged
  return [{ service, outcome, because, target: targets[0] }]
}

function rollout({ service, outcome, because, target }: Rollout, id: number): Html {
  const verdict = target?.verdict ?? outcome
  const tone = outcome === 'passed' ? 'ok' : 'bad'
  return html`<div>
    <h3>${service} <span class="${tone}">${verdict}</span></h3>
    <p class="soft">${because}</p>
    ${target === undefined ? null : chart(target, { service, verdict, id })}
    ${steps(target?.judgement?.steps ?? [], versionNames(target))}
  </div>`
}

/** As the strategy calls the two versions. */
const versionNames = (target: RolloutTarget | undefined): ChartLabels['names'] =>
  target?.strategy === 'blue-green'
    ? { canary: 'green', stable: 'blue' }
    : { canary: 'canary', stable: 'stable' }

/** A rollout that was not judged may still have weights to draw. */
function chart(target: RolloutTarget, labels: Pick<ChartLabels, 'service' | 'verdict' | 'id'>): Html | null {
  const course = drawable(target)
  const limit = target.judgement?.limit ?? 0
  if (course.length > 0)
    return courseChart(course, { ...labels, names: versionNames(target), limit: limit > 0 ? limit : null })
  const points = target.timeline.map(({ atMs, weightPercent, phase }) => ({
    atMs,
    percent: weightPercent,
    label: phase,
  }))
  return points.some(({ percent }) => percent > 0) ? stepChart(points) : null
}

type StepFigures = NonNullable<RolloutTarget['judgement']>['steps'][number]

/** A long table is folded: the chart above shows the same. */
function steps(all: readonly StepFigures[], names: ChartLabels['names']): Html {
  if (all.length < 4) return stepTable(all, names)
  return html`<details>
    <summary>figures of ${all.length} steps</summary>
    ${stepTable(all, names)}
  </details>`
}

function stepTable(all: readonly StepFigures[], names: ChartLabels['names']): Html {
  if (all.length === 0) return html``
  return html`<div class="wide">
    <table>
      <tr>
        <th class="num">weight</th>
        <th class="num">${names.canary} requests</th>
        <th class="num">errors</th>
        <th class="num">${names.stable} requests</th>
        <th class="num">errors</th>
      </tr>
      ${all.map(
        ({ weightPercent, canary, stable }) =>
          html`<tr>
            <td class="num">${weightPercent === 0 ? 'audience' : `${weightPercent}%`}</td>
            ${cells(canary)} ${cells(stable)}
          </tr>`,
      )}
    </table>
  </div>`
}

function cells({ requests, errors }: StepFigures['canary']): Html {
  const share = requests > 0 ? ` (${((errors / requests) * 100).toFixed(1)}%)` : ''
  return html`<td class="num">${Math.round(requests)}</td>
    <td class="${errors > 0 ? 'num bad' : 'num'}">${Math.round(errors)}${share}</td>`
}
