import type { ContainerStatus, Pod } from '@alt-las/kubernetes'
import { uniform } from '@alt-las/testing'
import { describe, expect, test } from '@jest/globals'
import { type Restarts, restartCause, restartCounter, tail } from './restarts.ts'

const hour = 3_600_000
const day = 24 * hour
const some = (pods: number, lately: number, more: Partial<Restarts> = {}): Restarts => ({
  pods,
  livedMs: (pods * hour) / 4,
  ever: lately,
  lately,
  last: { pod: 'web-canary-x', container: 'web', terminated: { exitCode: 3, reason: 'Error' } },
  ...more,
})
const old = (pods: number, lately = 0, ever = lately): Restarts =>
  some(pods, lately, { livedMs: pods * 5 * day, ever })

describe('restarts end a canary', () => {
  test.each<readonly [string, Restarts, Restarts, boolean]>([
    ['one is an accident', some(1, 1), old(9), false],
    ['two of one pod, and stable has been up for days', some(1, 2), old(9), true],
    ['two, spread over the pods', some(5, 2), old(5), true],
    ['two, where stable is no older', some(3, 2), some(3, 0), false],
    ['three, where stable is no older', some(3, 3), some(3, 0), false],
    ['so many that age does not matter', some(3, 15), some(3, 0), true],
    ['stable restarts at the same time, pod by pod', some(5, 5), old(45, 45), false],
    ['stable restarts at the same time, half of its pods', some(5, 5), old(45, 22), false],
    ['stable restarts once at the same time', some(2, 8), old(18, 1), true],
    ['a version that has always restarted now and then', some(50, 2), old(50, 0, 1500), false],
    ['the same, and the new one much oftener', some(50, 40), old(50, 0, 1500), true],
    ['no stable to compare with', some(3, 9), some(0, 0, { livedMs: 0 }), false],
  ])('%s', (_, canary, stable, ends) => {
    expect(restartCause(canary, stable, 0.01) !== null).toBe(ends)
  })

  test('with the numbers of both versions, the exit code and the container', () => {
    expect(restartCause(some(5, 3), old(10), 0.01)).toMatchObject({
      kind: 'crash-loop',
      fault: 'version',
      heals: false,
      because:
        "its containers restarted 3 times in 5 pods since they were ready, those of stable's 10 pods not once; last: container web of pod web-canary-x, exit code 3 (Error)",
      evidence: { restarts: 3, pods: 5, stableRestarts: 0, stablePods: 10, exitCode: 3 },
      container: 'web',
      hasLog: true,
    })
    const killed = { pod: 'p', container: 'web', terminated: { exitCode: 137, reason: 'OOMKilled' } }
    expect(restartCause(some(5, 3, { last: killed }), old(10), 0.01)?.kind).toBe('out-of-memory')
  })

  test('of equal versions in fewer rollouts than the risk, however often it is looked', () => {
    const risk = 0.05
    const random = uniform(7)
    let ended = 0
    for (let trial = 0; trial < 4000; trial += 1) {
      const stable = old(9, 0, 0)
      const rate = 40 * random()
      const before = poisson((rate * 45) / 45, random)
      const canary = poisson((rate * 0.75) / (45 * 24), random)
      const alarm = Array.from({ length: canary }, (_, index) =>
        restartCause(some(3, index + 1), { ...stable, ever: before }, risk),
      ).some((cause) => cause !== null)
      if (alarm) ended += 1
    }
    expect(ended / 4000).toBeLessThan(risk)
  })
})

describe('the counter', () => {
  const pod = (restartCount: number, more: Partial<ContainerStatus> = {}, ready = true): Pod => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web-1', uid: 'u1', creationTimestamp: '2026-01-01T00:00:00Z' },
    spec: { containers: [] },
    status: {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
      containerStatuses: [{ name: 'web', ready, restartCount, ...more }],
    },
  })
  const ended = (exitCode: number, reason: string) => ({ lastState: { terminated: { exitCode, reason } } })
  const now = Date.parse('2026-01-01T01:00:00Z')

  test('leaves out what happened before a pod was ready', () => {
    const count = restartCounter()
    count([pod(0, {}, false)], now)
    expect(count([pod(2, ended(1, 'Error'))], now)).toMatchObject({ lately: 0, ever: 2, last: null })
    expect(count([pod(3, ended(1, 'Error'))], now)).toMatchObject({ lately: 1, ever: 3 })
  })

  test('counts while the pod is not ready again, and the age of the pods', () => {
    const count = restartCounter()
    count([pod(0)], now)
    expect(count([pod(1, ended(3, 'Error'), false)], now)).toEqual({
      pods: 1,
      livedMs: hour,
      ever: 1,
      lately: 1,
      last: { pod: 'web-1', container: 'web', terminated: { exitCode: 3, reason: 'Error' } },
    })
  })

  test.each(['ContainerStatusUnknown', 'Unknown'])(
    'leaves out what a node has lost (%s), and goes on after it',
    (reason) => {
      const count = restartCounter()
      count([pod(0)], now)
      expect(count([pod(1, ended(255, reason))], now)).toMatchObject({ lately: 0, ever: 0 })
      expect(count([pod(2, ended(3, 'Error'))], now)).toMatchObject({ lately: 1 })
    },
  )

  test('forgets a pod that ends, and begins again with the one in its place', () => {
    const count = restartCounter()
    count([pod(0)], now)
    const metadata = { ...pod(0).metadata, deletionTimestamp: '2026-01-01T01:00:00Z' }
    expect(count([{ ...pod(4, ended(3, 'Error')), metadata }], now)).toMatchObject({ pods: 0, lately: 0 })
    const other = { ...pod(4, ended(3, 'Error')), metadata: { ...pod(0).metadata, uid: 'u2' } }
    expect(count([other], now)).toMatchObject({ lately: 0 })
  })
})

test.each([
  [0, 5, 0.3, 1],
  [1, 1, 0.3, 0.3],
  [2, 2, 0.1, 0.01],
  [2, 3, 0.5, 0.5],
  [5, 5, 0.5, 1 / 32],
  [1, 3, 0.2, 1 - 0.8 ** 3],
  [10, 1000, 0.001, 1.12e-7],
])('%i or more of %i, each with probability %d: %d', (least, all, share, expected) => {
  expect(tail(least, all, share) / expected).toBeCloseTo(1, 1)
})

function poisson(mean: number, random: () => number): number {
  const limit = Math.exp(-mean)
  let count = 0
  for (let product = random(); product > limit; product *= random()) count += 1
  return count
}
