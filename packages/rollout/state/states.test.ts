import type { ConfigMap } from '@alt-las/kubernetes'
import { fakeCluster } from '@alt-las/simulated-cluster'
import { describe, expect, test } from '@jest/globals'
import type { Rollout } from '../model/rollout.ts'
import { plan, rollout } from '../testing/facts.ts'
import { findStates } from './states.ts'
import { writeState } from './state-text.ts'

const stateOf = (deployment: string, text: string): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {
    name: `alt-las-rollout-${deployment}`,
    namespace: 'shop',
    labels: { 'alt-las.dev/rollout': deployment },
  },
  data: { 'rollout.json': text },
})
const of = (deployment: string): Rollout => ({ ...rollout, plan: { ...plan, deployment } })
const all = { namespace: 'shop', deployment: null }

describe('the states of a namespace', () => {
  test.each([
    ['that is no JSON', '{'],
    ['of a newer version', JSON.stringify({ schema: 'alt-las-delivery/rollout/v3' })],
    ['without a plan', JSON.stringify({ ...rollout, plan: {} })],
    ['of another target', writeState(of('other'))],
  ])('one %s costs only its own target', async (_, text) => {
    const objects = [stateOf('bad', text), stateOf('web', writeState(rollout))]
    const found = await findStates(all, fakeCluster({ objects }))
    expect(found.states.map((one) => one.plan.deployment)).toEqual(['web'])
    expect(found.unreadable.map((one) => one.deployment)).toEqual(['bad'])
  })

  test('one that is asked for by name is refused with the reason', async () => {
    const cluster = fakeCluster({ objects: [stateOf('web', '{}')] })
    await expect(findStates({ ...all, deployment: 'web' }, cluster)).rejects.toMatchObject({
      code: 'bad-state',
      message: expect.stringContaining('got schema undefined'),
    })
  })
})
