import { brotliCompressSync } from 'node:zlib'
import { describe, expect, test } from '@jest/globals'
import { hash } from '../model/hash.ts'
import { hashPlan } from '../model/plan.ts'
import { plan, rollout } from '../testing/facts.ts'
import { readStateText, writeState } from './state-text.ts'

const without = (value: object, ...keys: readonly string[]): object =>
  Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)))

/** As the first version of this action wrote it. */
function version1(more: object = {}, oldPlan: object = firstPlan) {
  const { fencingToken, baseline } = rollout
  return {
    ...without(rollout, 'id', 'fencingToken', 'enteredAt', 'judgedMs', 'switchedAt', 'baseline'),
    schema: 'alt-las-delivery/rollout/v1',
    epoch: fencingToken,
    before: baseline,
    plan: oldPlan,
    ...more,
  }
}
const firstPlan = { ...without(plan, 'preDeployJob', 'watchdogImage'), before: null, guard: null }
const read = (state: object) => readStateText(JSON.stringify(state), 'here')
const moment = (phase: string, at: number) => ({ phase, at, weight: 0, because: '' })

describe('a state of version 1', () => {
  test('is read correctly, with the clocks from its timeline', () => {
    const timeline = [
      moment('prepare', 0),
      moment('step 1', 10),
      moment('paused at step 1', 30),
      moment('step 2', 1000),
    ]
    const phase = { kind: 'step', index: 1, weight: 50 }
    expect(read(version1({ timeline, phase, epoch: 7 }))).toMatchObject({
      fencingToken: 7,
      judgedMs: 20,
      enteredAt: 1000,
      switchedAt: null,
      phase,
    })
  })

  test('keeps the identity that objects in the cluster carry, and is known as the same plan', () => {
    const found = read(version1({ planHash: 'abc', startedAt: 5 }))
    expect(found.id).toBe(hash(['abc', 5]))
    expect(found.planHash).toBe(hashPlan(plan))
  })

  test('of the very first plans is that of a canary of a Deployment through the Gateway API', () => {
    const oldest = without(firstPlan, 'strategy', 'workload', 'router', 'configs', 'before')
    expect(read(version1({}, oldest)).plan).toEqual(plan)
  })

  test('has the weight of its step by the plan, where it does not say so itself', () => {
    expect(read(version1({ phase: { kind: 'step', index: 1 } })).phase).toEqual({
      kind: 'step',
      index: 1,
      weight: 50,
    })
  })

  test('in the phase of the Job before any traffic stays in it', () => {
    expect(read(version1({ phase: { kind: 'before' } })).phase).toEqual({ kind: 'pre-deploy' })
  })

  test('knows when all traffic was moved', () => {
    const timeline = [moment('promote-traffic', 100), moment('warm', 250)]
    expect(read(version1({ timeline })).switchedAt).toEqual({ begun: 100, done: 250 })
  })
})

describe('a state', () => {
  test('of a newer version is refused by name: an older action never guesses', () => {
    expect(() => read({ ...rollout, schema: 'alt-las-delivery/rollout/v3' })).toThrow(
      'it has version 3, this version of the action reads up to 2',
    )
    expect(() => read({ ...rollout, schema: 'alt-las-delivery/rollout/v3+packed' })).toThrow('version 3')
  })

  test('of another target is refused', () => {
    expect(() => read({ schema: 'other/v1' })).toThrow('got schema "other/v1"')
    expect(() => readStateText('[]', 'here')).toThrow('not a JSON object')
  })

  test.each([
    ['phase.kind', { phase: { kind: 'flying' } }],
    ['phase.weight', { phase: { kind: 'step', index: 0 } }],
    ['plan.steps[0].holdMs', { plan: { ...plan, steps: [{ weight: 10 }] } }],
    [
      'plan.desired.spec',
      { plan: { ...plan, desired: { apiVersion: '', kind: '', metadata: { name: '' } } } },
    ],
    ['plan.audience', { plan: { ...plan, audience: { kind: 'cookie', name: 'a', value: '.*', holdMs: 1 } } }],
    ['plan.audience.holdMs', { plan: { ...plan, audience: { kind: 'cookie', name: 'a', value: '1' } } }],
    ['baseline.routes', { baseline: { ...rollout.baseline, routes: null } }],
    ['fencingToken', { fencingToken: 'x' }],
    ['releases.list[0].release', { releases: { current: null, list: [{}] } }],
    ['judgement.sampling', { judgement: { ...rollout.judgement, sampling: 1 } }],
  ])('with a wrong %s is refused with the path', (path, more) => {
    expect(() => read({ ...rollout, ...more })).toThrow(`${path}: got `)
  })

  test('whose workloads unpack to more than a cluster could hold is refused', () => {
    const bomb = { ...rollout, schema: 'alt-las-delivery/rollout/v2+packed', workloads: 'AAAA' }
    expect(() => read(bomb)).toThrow('its compressed workloads cannot be read')
  })

  test('that nests without an end is refused, in plain JSON and compressed', () => {
    const deep = `${'['.repeat(3000)}${']'.repeat(3000)}`
    const plain = JSON.stringify({ ...rollout, id: 'x' }).replace('"cause":null', `"cause":{"a":${deep}}`)
    expect(() => readStateText(plain, 'here')).toThrow('cannot be read')
    const workloads = brotliCompressSync(deep).toString('base64')
    const packed = { ...rollout, schema: 'alt-las-delivery/rollout/v2+packed', workloads }
    expect(() => read(packed)).toThrow('its compressed workloads cannot be read')
  })

  test('with a large number in the place of a text is refused', () => {
    const text = JSON.stringify(rollout).replace(/"release":"v2"/, '"release":9007199254740994')
    expect(() => readStateText(text, 'here')).toThrow('plan.release: got 9007199254740994')
  })

  test('whose schema is no text is refused', () => {
    expect(() => read({ ...rollout, schema: { toString: 1 } })).toThrow('got schema {"toString":1}')
  })

  test('that was written is read as it was', () => {
    expect(readStateText(writeState(rollout), 'here')).toEqual(rollout)
  })
})
