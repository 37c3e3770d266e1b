import { expect, test } from '@jest/globals'
import { capacityTable } from './capacity-table.ts'

const capacity = {
  ...{ maxRatePerSecond: 60, end: 'system', targetRatePerSecond: 100, headroom: 0.3, trials: [] },
  workloads: [{ name: '<web>', replicas: 2, ratePerReplica: 30, replicasForTarget: 5 }],
}

test('each workload has its replicas, its share and what the target needs', () => {
  const text = capacityTable(capacity).markup.replace(/\s+/g, ' ')
  expect(text).toContain('60 requests per second hold; planned for 100 and 30% more')
  expect(text).toContain('<td>&lt;web&gt;</td> <td class="num">2</td> <td class="num">30</td>')
  expect(text).toContain('<td class="num">5</td>')
})

test('without a target nothing is planned', () => {
  const text = capacityTable({ ...capacity, targetRatePerSecond: null }).markup
  expect(text).not.toContain('target')
})
