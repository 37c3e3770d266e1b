import { expect, test } from '@jest/globals'
import type { Rollout } from '../model/rollout.ts'
import { rollout } from '../testing/facts.ts'
import { completed } from './complete-state.ts'

test('a state of an older version is that of a canary of a Deployment through the Gateway API', () => {
  const { strategy, workload, router, configs, ...plan } = rollout.plan
  const { autoscaler, ...before } = rollout.before
  const old = { ...rollout, plan, before } as unknown as Rollout
  expect(completed(old).plan).toMatchObject({ strategy, workload, router, configs })
  expect(completed(old).before).toMatchObject({ autoscaler, replicas: rollout.before.replicas })
})

test('a state of this version stays as it is', () => {
  expect(completed(rollout)).toEqual(rollout)
})
