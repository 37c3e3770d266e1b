import type { KubeObject } from '@alt-las/kubernetes'
import { toMarkdown } from '@alt-las/outcome'
import { parseSteps } from '@alt-las/rollout'
import { describe, expect, test } from '@jest/globals'
import { nothingKnown } from '../../../../packages/rollout/judging/judge-settings.ts'
import { v1, v2 } from '../../../../packages/rollout/testing/manifests.ts'
import { canaryDeploy } from '../canary-deploy.ts'
import type { Given } from '../given.ts'
import { summarize } from '../summary/summary.ts'
import { inputs, rollingInputs } from '../testing/inputs.ts'
import { type Scenario, scenario } from '../testing/scenario.ts'
import { workloadAlone } from '../testing/workloads.ts'
import { always } from '../plan/parse-soak-time.ts'

async function installed(): Promise<Scenario> {
  const here = scenario()
  await canaryDeploy(inputs(), here.ports)
  here.settle()
  return here
}

/** Runs it with `dry-run`, and proves that it has written nothing. */
async function dry(here: Scenario, overrides: Partial<Given> = {}) {
  const writes = here.cluster.writes().length
  const version = here.cluster.version()
  const asked = inputs({ image: v2, release: 'v1.1.0', dryRun: true, ...overrides })
  const outcome = await canaryDeploy(asked, here.ports)
  expect(here.cluster.writes()).toHaveLength(writes)
  expect(here.cluster.version()).toBe(version)
  expect(outcome.kind).toBe('passed')
  expect(outcome.targets.every(({ verdict }) => verdict === 'unchanged')).toBe(true)
  return outcome
}

describe('dry-run', () => {
  test('of a canary: objects, weights, peak pods, traffic, and why this router', async () => {
    const here = await installed()
    const outcome = await dry(here)
    const [seen] = outcome.forecasts ?? []
    expect(seen?.pods).toEqual({ now: 3, peak: 7 })
    expect(seen?.stages.map(({ name, weight, old, fresh }) => [name, weight, old, fresh])).toEqual([
      ['prepare', 0, 3, 1],
      ['step 1', 10, 3, 1],
      ['step 2', 50, 3, 3],
      ['all traffic', 100, 3, 3],
      ['the workload itself', 100, 0, 6],
      ['done', 100, 0, 3],
    ])
    expect(seen?.changes.map(({ object }) => object)).toEqual(
      expect.arrayContaining(['Deployment shop/web', 'Deployment web-canary', 'HTTPRoute to web']),
    )
    expect(seen?.traffic).toEqual([
      ['present rate', '100 requests a second in the last 3m00s, 0 % of them failed'],
      [
        'a proof needs',
        expect.stringMatching(
          /^some \d+ requests to the canary, which take about .* and fit max-duration, 10m00s$/,
        ),
      ],
      ['a version that always fails is rolled back', expect.stringMatching(/ of them failed$/)],
      ['a version that fails 5 points more is rolled back', expect.stringMatching(/ of them failed$/)],
      ['a version that fails 1 points more is rolled back', expect.stringMatching(/ of them failed$/)],
    ])
    expect(seen?.problems).toEqual([])
    const page = toMarkdown(summarize(outcome))
    expect(page).toContain('dry-run, nothing was changed')
    expect(page).toContain('| step 2 | 50% | 3 | 3 | 20s |')
  })

  test('names the traffic that a proof needs if the present rate is unknown', async () => {
    const here = await installed()
    const scrapes = { ...here.ports.scrapes, history: () => Promise.resolve(nothingKnown) }
    const asked = inputs({ image: v2, release: 'v1.1.0', dryRun: true })
    const { forecasts } = await canaryDeploy(asked, { ...here.ports, scrapes })
    expect(forecasts?.[0]?.traffic).toEqual([
      ['present rate', 'not known: there is no history'],
      ['a proof needs', 'at least 600 requests to the canary'],
    ])
  })

  test('of a quiet service: what on-quiet would take', async () => {
    const here = await installed()
    here.rps = 0
    const { forecasts } = await dry(here)
    const facts = Object.fromEntries(forecasts?.[0]?.traffic ?? [])
    expect(facts['present rate']).toContain('no request in the last')
    expect(facts['on-quiet']).toMatch(/^on-quiet ends it before the first user; synthetic is not possible/)
  })

  test('of the adaptive ramp: its landmarks', async () => {
    const auto = await dry(await installed(), { steps: parseSteps('auto'), bake: always(60_000) })
    expect(auto.forecasts?.[0]?.stages.map(({ name, weight, lastsMs }) => [name, weight, lastsMs])).toEqual(
      expect.arrayContaining([
        ['ramp, until the proof', 50, 0],
        ['bake', 90, 60_000],
      ]),
    )
  })

  test('says what a decision costs at the rate of the last half hour', async () => {
    const here = await installed()
    const blocks = Array.from({ length: 360 }, (_, i) => ({
      from: 5000 * i,
      to: 5000 * (i + 1),
      weight: null,
      canary: { requests: 0, errors: 0 },
      stable: { requests: 1000, errors: 1 },
    }))
    const scrapes = {
      ...here.ports.scrapes,
      history: () => Promise.resolve({ blocks, counted: 'gateway' as const }),
    }
    const asked = inputs({ image: v2, release: 'v1.1.0', dryRun: true })
    const { forecasts } = await canaryDeploy(asked, { ...here.ports, scrapes })
    const facts = Object.fromEntries(forecasts?.[0]?.traffic ?? [])
    expect(facts).toMatchObject({
      'present rate': '200 requests a second in the last 30m00s, 0.1 % of them failed',
    })
    expect(facts['a proof needs']).toMatch(/^some \d+ requests to the canary, which take about .* fit/)
    expect(facts['a version that always fails is rolled back']).toMatch(
      /^after \d+s, \d+ requests, \d+ of them failed$/,
    )
  })

  test('of a pause, of blue-green, of a first installation and of what runs already', async () => {
    const here = await installed()
    const paused = await dry(here, { steps: parseSteps('10%:5s, pause, 50%:5s') })
    expect(paused.forecasts?.[0]?.stages.map(({ name }) => name)).toContain('pause for promote')
    const bluegreen = await dry(here, { strategy: 'blue-green', router: 'auto' })
    expect(bluegreen.forecasts?.[0]?.stages[0]).toMatchObject({ name: 'prepare', old: 3, fresh: 3 })
    const same = await dry(here, { image: v1, release: 'v1.0.0' })
    expect(same.forecasts?.[0]).toMatchObject({ changes: [], stages: [], what: 'nothing: it already runs' })
    const fresh = await dry(scenario())
    expect(fresh.forecasts?.[0]).toMatchObject({ serving: null, pods: { now: 0, peak: 3 } })
  })

  test('names every missing permission and every quota that the peak does not fit in, and still passes', async () => {
    const here = await installed()
    here.cluster.deny({ verb: 'patch', resource: 'httproutes' })
    here.cluster.put({
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'small', namespace: 'shop' },
      status: { hard: { pods: '5', 'requests.cpu': '1' }, used: { pods: '3', 'requests.cpu': '0' } },
    } as KubeObject)
    const outcome = await dry(here)
    expect(outcome.forecasts?.[0]?.problems).toEqual([
      'permission missing: patch httproutes.gateway.networking.k8s.io in shop',
      expect.stringContaining('ResourceQuota small: pods has 2 of 5 left, 4 more pods need 4'),
      expect.stringContaining(
        'requests.cpu is limited, and a container of the template has no request for it',
      ),
    ])
    expect(outcome.because).toContain('problems: permission missing: patch httproutes')
  })

  test('of a rollback, of promote and of abort', async () => {
    const here = await installed()
    await canaryDeploy(inputs({ image: v2, release: 'v1.1.0' }), here.ports)
    const back = await dry(here, { operation: 'rollback', image: null, release: null, deployment: null })
    expect(back.forecasts?.[0]).toMatchObject({ release: 'v1.0.0', image: v1, serving: v2 })
    await canaryDeploy(inputs({ image: v1, release: 'v1.2.0', pauseAt: '10%' }), here.ports)
    const on = await dry(here, { operation: 'promote', image: null, release: null })
    expect(on.because).toContain('v1.2.0 goes from paused at step 1 to step 2')
    const off = await dry(here, { operation: 'abort', image: null, release: null })
    expect(off.because).toContain('goes from paused at step 1 to revert')
  })

  test('of a rolling update', async () => {
    const here = scenario(workloadAlone('StatefulSet'))
    await canaryDeploy(rollingInputs({ image: v1, release: 'v1.0.0' }), here.runner('a/1/1'))
    const version = here.cluster.version()
    const outcome = await canaryDeploy(
      rollingInputs({ image: v2, release: 'v1.1.0', dryRun: true }),
      here.runner('a/2/1'),
    )
    expect(here.cluster.version()).toBe(version)
    expect(outcome.forecasts?.[0]).toMatchObject({
      what: 'StatefulSet web to v1.1.0, by rolling',
      pods: { now: 3, peak: 3 },
      traffic: [],
      stages: [{ name: 'roll', old: 3, fresh: 3 }],
    })
  })
})
