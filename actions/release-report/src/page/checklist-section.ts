import { stepNames, type Mark, type ServiceSteps } from '../checklist/step.ts'
import { html, type Html } from './html.ts'
import { mark, markNames } from './mark.ts'

/** Service by step. Each mark other than a tick has its reason beneath. */
export function checklistSection(services: readonly ServiceSteps[]): Html {
  if (services.length === 0) return html``
  const used = new Set(services.flatMap(({ steps }) => steps.map((step) => step.mark)))
  const marks = (Object.keys(markNames) as Mark[]).filter((one) => used.has(one))
  return html`<section>
    <h2>Checklist</h2>
    <div class="wide">
      <table class="matrix">
        <tr>
          <th>service</th>
          ${stepNames.map((step) => html`<th>${step}</th>`)}
        </tr>
        ${services.map(row)}
      </table>
    </div>
    <div class="legend">
      ${marks.map((one) => html`<span>${mark(one, { small: true })}${markNames[one]}</span>`)}
    </div>
    ${notes(services)}
  </section>`
}

function row({ service, steps }: ServiceSteps): Html {
  return html`<tr>
    <td>${service}</td>
    ${steps.map((step) => html`<td>${mark(step.mark, { title: `${step.step}: ${step.because}` })}</td>`)}
  </tr>`
}

/** A reason shared by several services is listed once. */
function notes(services: readonly ServiceSteps[]): Html {
  const told: readonly Mark[] = ['refused', 'failed', 'brought-back', 'missing']
  const all = services.flatMap(({ service, steps }) =>
    steps.filter((step) => told.includes(step.mark)).map((step) => ({ service, ...step })),
  )
  const groups = [...Map.groupBy(all, (one) => `${one.step} ${one.because}`).values()]
  const items = groups.flatMap((own) => {
    const [first] = own
    if (first === undefined) return []
    const who = own.map(({ service }) => service).join(', ')
    return [html`<li class="is-${first.mark}"><b>${who} · ${first.step}</b> ${first.because}</li>`]
  })
  return items.length === 0
    ? html``
    : html`<ul class="notes">
        ${items}
      </ul>`
}
