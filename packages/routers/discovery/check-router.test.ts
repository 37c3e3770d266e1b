import type { KubeObject } from '@alt-las/kubernetes'
import { fakeCluster } from '@alt-las/simulated-cluster'
import { describe, expect, test } from '@jest/globals'
import { checkRouter } from './check-router.ts'
import { type Fixture, fixtures, splitFor } from '../testing/fixtures.ts'

const [gateway, , , virtual] = fixtures as readonly [Fixture, Fixture, Fixture, Fixture]
const steps = (...weights: readonly number[]) => ({
  steps: weights.map((weight) => ({ weight, holdMs: 1000 })),
})
const check = (plan: ReturnType<typeof splitFor>, live: readonly KubeObject[], replicas: number | null = 4) =>
  checkRouter(plan, { declared: [], replicas, cluster: fakeCluster({ objects: live }) })

describe('before the first write', () => {
  test('a router without a rule is refused with what is missing', async () => {
    await expect(check(splitFor('traefik'), [])).rejects.toThrow(
      'no IngressRoute or TraefikService in shop sends to the Service web',
    )
    await check(splitFor('gateway-api'), [gateway.write([[['web']]])])
  })

  test('a weight below a whole percent is refused where only those can be written', async () => {
    const lone = [virtual.write([[['web']]])]
    await check(splitFor('istio', steps(1, 50)), lone)
    await expect(check(splitFor('istio', steps(0.5, 50)), lone)).rejects.toThrow(
      'VirtualService web cannot give the canary 0.5%',
    )
  })

  test('the share of a rule counts: half of the weights have half of the percents', async () => {
    const half = [
      virtual.write([
        [
          ['web', 50],
          ['old', 50],
        ],
      ]),
    ]
    await check(splitFor('istio', steps(2)), half)
    await expect(check(splitFor('istio', steps(1)), half)).rejects.toMatchObject({
      hint: 'it supports whole percents only: begin with 2% or more',
    })
  })

  test.each([
    [20, 4],
    [10, 9],
    [50, 1],
    [100, 1],
  ])('%d %% of the pods can be had with %d replicas', async (weight, replicas) => {
    await check(splitFor('replicas', steps(weight)), [], replicas)
  })

  test('a share of pods that would be exceeded is refused with the smallest one and the remedy', async () => {
    await expect(check(splitFor('replicas', steps(10)), [], 4)).rejects.toMatchObject({
      message: '10% is not possible with 4 stable pods: one canary pod beside them is 20%',
      hint: 'begin with 20% or more, run 9 replicas, or use a router that sets weights',
    })
  })

  test('a route whose rules Argo CD keeps is refused', async () => {
    const route = gateway.write([[['web']]])
    const managedFields = [
      { manager: 'argocd-controller', operation: 'Apply', fieldsV1: { 'f:spec': { 'f:rules': {} } } },
    ]
    const cluster = {
      get: () => Promise.resolve(null),
      list: () => Promise.resolve([{ ...route, metadata: { ...route.metadata, managedFields } }] as never),
    }
    await expect(
      checkRouter(splitFor('gateway-api'), { declared: [], replicas: 4, cluster }),
    ).rejects.toMatchObject({ code: 'weights-owned' })
  })
})
