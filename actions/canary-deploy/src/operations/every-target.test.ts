import { Failure } from '@alt-las/failure'
import type { ConfigMap, Deployment, KubeObject } from '@alt-las/kubernetes'
import { describe, expect, test } from '@jest/globals'
import { manifests, v1, v2 } from '../../../../packages/rollout/testing/manifests.ts'
import { canaryDeploy } from '../canary-deploy.ts'
import { inputs } from '../testing/inputs.ts'
import { type Scenario, scenario } from '../testing/scenario.ts'
import { type Target, imageOf, released, running, severalScenario } from '../testing/several.ts'

const steps = { pauseAtPreview: false, steps: [{ weight: 50, holdMs: 5000, pause: true as const }] }

/** The same service under another name. */
const named = (name: string) =>
  JSON.parse(JSON.stringify(manifests()).replaceAll('"web"', `"${name}"`)) as readonly KubeObject[]

/** Two services of one release, each of which stands still with half of its traffic on the new version. */
async function paused(): Promise<Scenario> {
  const here = scenario()
  for (const [image, release] of [
    [v1, 'v1'],
    [v2, 'v2'],
  ] as const)
    for (const deployment of ['web', 'api']) {
      const ports = {
        ...here.runner('ALT-LAS/shop/1/1'),
        readManifests: () => Promise.resolve(named(deployment)),
      }
      await canaryDeploy(inputs({ deployment, image, release, steps }), ports)
      here.settle()
    }
  return here
}

const run = (here: Scenario, operation: 'promote' | 'abort', deployment: string | null = null) =>
  canaryDeploy(inputs({ operation, deployment, image: null, release: null }), here.runner('ALT-LAS/shop/2/1'))

const images = ({ cluster }: Scenario) =>
  cluster
    .all<Deployment>('Deployment')
    .map(({ metadata, spec }) => [metadata.name, spec.template.spec.containers[0]?.image])

describe.each([
  ['promote', 'promoted', v2],
  ['abort', 'rolled-back', v1],
] as const)('%s of all targets', (operation, verdict, image) => {
  test('works on them side by side, in the time of one', async () => {
    const [alone, here] = [await paused(), await paused()]
    const timed = async (one: Scenario, deployment: string | null) => {
      const begun = one.clock.elapsed()
      const outcome = await run(one, operation, deployment)
      return { outcome, ms: one.clock.elapsed() - begun }
    }
    const single = await timed(alone, 'web')
    const both = await timed(here, null)
    expect(both.outcome).toMatchObject({ kind: 'passed', targets: [{ verdict }, { verdict }] })
    expect(both.ms).toBeLessThan(1.2 * single.ms)
    here.settle()
    expect(images(here)).toEqual([
      ['web', image],
      ['api', image],
    ])
    expect(here.log.lines.filter((line) => /^(web|api) {2}/.test(line)).length).toBeGreaterThan(10)
  })

  test('brings the others to their end where one breaks, and names that one', async () => {
    const here = await paused()
    here.cluster.hooks.beforeCall = ({ verb, at }) => {
      if (verb === 'patch' && at.kind === 'ConfigMap' && at.name === 'alt-las-rollout-api')
        throw new Failure('forbidden', 'no writing here', { fault: 'outside' })
    }
    await expect(run(here, operation)).rejects.toMatchObject({
      code: `${operation}-incomplete`,
      message: expect.stringMatching(/^1 of 2 targets could not be .*: api: no writing here/),
    })
    here.settle()
    expect(images(here)).toContainEqual(['web', image])
    expect(images(here)).toContainEqual(['api-canary', v2])
  })

  test('names beside it a target whose state cannot be read', async () => {
    const here = await paused()
    const state = here.peek<ConfigMap>('ConfigMap', 'alt-las-rollout-web')
    here.cluster.put({ ...state, data: { ...state?.data, signature: 'AAAA' } } as ConfigMap)
    here.cluster.hooks.beforeCall = ({ verb, at }) => {
      if (verb === 'patch' && at.kind === 'ConfigMap' && at.name === 'alt-las-rollout-api')
        throw new Failure('forbidden', 'no writing here', { fault: 'outside' })
    }
    await expect(run(here, operation)).rejects.toMatchObject({
      code: `${operation}-incomplete`,
      message: expect.stringMatching(
        /^2 of 2 targets could not be .*api: no writing here.*; web: the state in/,
      ),
    })
  })
})

test('a rollback of a release that nothing runs changes nothing, and says what runs', async () => {
  const here = await paused()
  const before = here.snapshot()
  const given = inputs({ operation: 'rollback', deployment: null, image: null, release: 'v3' })
  const outcome = await canaryDeploy(given, here.runner('ALT-LAS/shop/2/1'))
  expect(outcome).toMatchObject({
    kind: 'passed',
    because: 'nothing in shop runs v3, so nothing goes back; it runs api v1, web v1',
    targets: [],
  })
  expect(here.snapshot()).toEqual(before)
})

test('a rollback of a release that is on its way takes it back to the release before, not to one further', async () => {
  const here = await paused()
  const given = inputs({ operation: 'rollback', deployment: null, image: null, release: 'v2' })
  const outcome = await canaryDeploy(given, here.runner('ALT-LAS/shop/2/1'))
  here.settle()
  expect(outcome).toMatchObject({ kind: 'passed', because: 'rolled back: api v1, web v1' })
  expect(images(here)).toEqual([
    ['web', v1],
    ['api', v1],
  ])
})

describe('the way back of a release', () => {
  const five: readonly Target[] = [
    { name: 'gateway', needs: ['orders'] },
    { name: 'orders', needs: ['store'] },
    { name: 'store' },
    { name: 'mail' },
  ]

  test('is in the reverse order of its needs, side by side where that is safe', async () => {
    const here = severalScenario(five)
    expect(await released(here, five)).toMatchObject({ verdict: 'promoted' })
    here.settle()
    const begun = here.clock.elapsed()
    const back = inputs({ operation: 'rollback', deployment: null, image: null, release: 'r2' })
    const outcome = await canaryDeploy(back, here.runner('back/1/1'))
    expect(outcome.kind).toBe('passed')
    expect(running(here, five)).toEqual(five.map(({ name }) => imageOf(name, v1)))
    expect(here.violations).toEqual([])
    const line = (name: string, words: string) =>
      here.log.lines.findLastIndex((one) => one.trimStart().startsWith(name) && one.includes(words))
    const allTraffic = (name: string) => line(name, '→ promote-stable')
    const begins = (name: string) => line(name, '→ prepare')
    expect(begins('orders')).toBeGreaterThan(allTraffic('gateway'))
    expect(begins('store')).toBeGreaterThan(allTraffic('orders'))
    expect(begins('mail')).toBeLessThan(allTraffic('gateway'))
    expect(here.clock.elapsed() - begun).toBeLessThan(60_000)
  })
})
