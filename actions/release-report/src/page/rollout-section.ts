import type { Entry } from '../read/entry.ts'
import { number, record, rows, text, type Facts } from '../read/facts.ts'
import { readCourse } from '../read/course.ts'
import { courseChart, type Told } from './charts/course-chart.ts'
import { html, type Html } from './html.ts'
import { stepChart } from './charts/step-chart.ts'

/** What happened over time, and what each step saw, for each service that was rolled out. */
export function rolloutSection(entries: readonly Entry[]): Html {
  const rollouts = entries.flatMap(rolloutsOf)
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
  readonly evidence: Facts
}

/** A document about several targets has one for each that was judged; one about the release shows only these. */
function rolloutsOf({ service, document }: Entry): readonly Rollout[] {
  if (document.action !== 'canary-deploy') return []
  const { outcome, because, evidence } = document
  const several = rows(evidence['targets'])
    .filter((target) => readCourse(record(target['judgement'])['course']).length > 0)
    .map((target) => ({
      service: text(target['deployment']) ?? service,
      outcome,
      because: text(record(target['judgement'])['because']) ?? because,
      evidence: target,
    }))
  if (several.length > 1) return several
  const alone = rows(evidence['targets'])[0] ?? {}
  return service === 'release' ? several : [{ service, outcome, because, evidence: alone }]
}

function rollout({ service, outcome, because, evidence }: Rollout, id: number): Html {
  const verdict = text(evidence['verdict']) ?? outcome
  const tone = outcome === 'passed' ? 'ok' : 'bad'
  return html`<div>
    <h3>${service} <span class="${tone}">${verdict}</span></h3>
    <p class="soft">${because}</p>
    ${picture(evidence, { service, verdict, id })}
    ${steps(rows(record(evidence['judgement'])['steps']), namesOf(evidence))}
  </div>`
}

/** As the strategy calls the two versions. */
const namesOf = (evidence: Facts): Told['names'] =>
  text(evidence['strategy']) === 'blue-green'
    ? { canary: 'green', stable: 'blue' }
    : { canary: 'canary', stable: 'stable' }

/** Where nothing was judged, there may still be a weight to draw. */
function picture(evidence: Facts, told: Omit<Told, 'limit' | 'names'>): Html | null {
  const judgement = record(evidence['judgement'])
  const course = readCourse(judgement['course'])
  const limit = number(judgement['limit'])
  if (course.length > 0)
    return courseChart(course, {
      ...told,
      names: namesOf(evidence),
      limit: limit !== null && limit > 0 ? limit : null,
    })
  const points = rows(evidence['timeline']).flatMap((moment) => {
    const at = number(moment['atMs'])
    const weight = number(moment['weightPercent'])
    return at === null || weight === null ? [] : [{ at, value: weight, label: text(moment['phase']) ?? '' }]
  })
  return points.some((point) => point.value > 0) ? stepChart(points) : null
}

/** Where the picture tells the same, a long table waits for who asks. */
function steps(all: readonly Facts[], names: Told['names']): Html {
  if (all.length < 4) return stepTable(all, names)
  return html`<details>
    <summary>what each of ${all.length} steps saw</summary>
    ${stepTable(all, names)}
  </details>`
}

function stepTable(steps: readonly Facts[], names: Told['names']): Html {
  if (steps.length === 0) return html``
  return html`<div class="wide">
    <table>
      <tr>
        <th class="num">weight</th>
        <th class="num">${names.canary} requests</th>
        <th class="num">errors</th>
        <th class="num">${names.stable} requests</th>
        <th class="num">errors</th>
      </tr>
      ${steps.map((step) => {
        const canary = record(step['canary'])
        const stable = record(step['stable'])
        return html`<tr>
          <td class="num">${number(step['weightPercent']) ?? '?'}%</td>
          ${cells(canary)} ${cells(stable)}
        </tr>`
      })}
    </table>
  </div>`
}

function cells(side: Facts): Html {
  const requests = number(side['requests'])
  const errors = number(side['errors'])
  const share =
    requests !== null && requests > 0 && errors !== null
      ? ` (${((errors / requests) * 100).toFixed(1)}%)`
      : ''
  const hot = errors !== null && errors > 0 ? 'num bad' : 'num'
  return html`<td class="num">${requests === null ? '–' : Math.round(requests)}</td>
    <td class="${hot}">${errors === null ? '–' : `${String(Math.round(errors))}${share}`}</td>`
}
