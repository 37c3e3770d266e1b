import type { Evidence } from '@alt-las/outcome'
import { html, type Html } from './html.ts'

type Capacity = NonNullable<Evidence<'verify'>['capacity']>

/** The table for planning: what each workload carries, and how many replicas the target needs. */
export function capacityTable({
  maxRatePerSecond,
  targetRatePerSecond: target,
  headroom,
  workloads,
}: Capacity): Html {
  const goal = target === null ? '' : `; planned for ${target} and ${Math.round(headroom * 100)}% more`
  return html`<details open>
    <summary>capacity <span class="soft">${maxRatePerSecond} requests per second hold${goal}</span></summary>
    <table>
      <tr>
        <th>workload</th>
        <th class="num">replicas</th>
        <th class="num">per replica and second</th>
        ${target === null ? null : html`<th class="num">replicas for the target</th>`}
      </tr>
      ${workloads.map(
        ({ name, replicas, ratePerReplica, replicasForTarget }) =>
          html`<tr>
            <td>${name}</td>
            <td class="num">${replicas}</td>
            <td class="num">${ratePerReplica}</td>
            ${target === null ? null : html`<td class="num">${replicasForTarget ?? ''}</td>`}
          </tr>`,
      )}
    </table>
  </details>`
}
