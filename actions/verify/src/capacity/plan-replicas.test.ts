import { expect, test } from '@jest/globals'
import { planReplicas } from './plan-replicas.ts'

const workloads = [
  { name: 'gateway', replicas: 3 },
  { name: 'archive', replicas: 2 },
  { name: 'off', replicas: 0 },
]

test('each workload grows with the rate, and the headroom comes on top', () => {
  expect(planReplicas(workloads, { maxRate: 60, targetRate: 100, headroom: 0.2 })).toEqual([
    { name: 'gateway', replicas: 3, ratePerReplica: 20, replicasForTarget: 6 },
    { name: 'archive', replicas: 2, ratePerReplica: 30, replicasForTarget: 4 },
  ])
})

test('without a target there is nothing to plan for', () => {
  expect(planReplicas(workloads, { maxRate: 60, targetRate: null, headroom: 0.2 })[0]).toMatchObject({
    replicasForTarget: null,
  })
})

test('no workload is planned away', () => {
  const [gateway] = planReplicas(workloads, { maxRate: 1000, targetRate: 1, headroom: 0 })
  expect(gateway?.replicasForTarget).toBe(1)
})
