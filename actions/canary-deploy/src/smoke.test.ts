import { parseApiTests } from '@alt-las/api-tests'
import { describe, expect, test } from '@jest/globals'
import { v1, v2 } from '../../../packages/rollout/testing/manifests.ts'
import { canaryDeploy } from './canary-deploy.ts'
import { inputs } from './testing/inputs.ts'
import { type Habits, scenario } from './testing/scenario.ts'

const smoke = parseApiTests('tests: [{ name: home, request: { path: / } }]', 'smoke.yaml')

/** A second release with tests, after a first one without. */
async function second(habits: Habits, overrides: Parameters<typeof inputs>[0] = {}) {
  const here = scenario(habits)
  await canaryDeploy(inputs({ image: v1, release: 'v1.0.0' }), here.ports)
  here.settle()
  const begun = here.cluster.writes().length
  const outcome = await canaryDeploy(
    inputs({ image: v2, release: 'v1.1.0', smoke, ...overrides }),
    here.ports,
  )
  here.settle()
  const [target] = outcome.targets
  return { here, outcome, target, phases: target?.rollout?.timeline.map(({ phase }) => phase), begun }
}

const blueGreen = { strategy: 'blue-green', router: 'auto' } as const

describe.each([
  ['canary', {}],
  ['blue-green', blueGreen],
] as const)('API tests before the first user of a %s', (_name, strategy) => {
  test('pass, and the rollout goes on', async () => {
    const { target, phases } = await second({}, strategy)
    expect(target).toMatchObject({ verdict: 'promoted' })
    expect(phases?.slice(0, 3)).toEqual(['apply', 'prepare', 'smoke'])
    expect(target?.rollout?.smoke).toMatchObject({ outcome: 'passed', checks: [{ name: 'home' }] })
  })

  test.each(['refused', 'failed'] as const)('are %s: back, without any share', async (outcome) => {
    const { here, target, phases, outcome: ended } = await second({ tests: { [v2]: outcome } }, strategy)
    expect(ended.kind).toBe('refused')
    expect(target).toMatchObject({
      verdict: 'rolled-back',
      because: expect.stringContaining(`${outcome} by ${v2}; no user has met v1.1.0`),
    })
    expect(phases).toEqual(['apply', 'prepare', 'smoke', 'revert', 'rolled-back'])
    expect(target?.rollout?.timeline.every(({ weight }) => weight === 0)).toBe(true)
    expect(here.names('Deployment')).toEqual(['web'])
    expect(here.violations).toEqual([])
  })

  test('come before a pause at the preview', async () => {
    const { target, phases } = await second({}, { ...strategy, pauseAt: 'preview' })
    expect(target).toMatchObject({ verdict: 'paused' })
    expect(phases).toEqual(['apply', 'prepare', 'smoke', 'paused at preview'])
  })

  test('do not pass without a way to send them', async () => {
    const here = scenario()
    await canaryDeploy(inputs({ image: v1, release: 'v1.0.0' }), here.ports)
    here.settle()
    const ports = { ...here.ports }
    delete (ports as { smoke?: unknown }).smoke
    const outcome = await canaryDeploy(inputs({ image: v2, release: 'v1.1.0', smoke, ...strategy }), ports)
    expect(outcome.because).toContain('the API tests could not be run: this run has no way to send them')
  })
})

describe('API tests of a first installation', () => {
  test('pass before it is done', async () => {
    const here = scenario()
    const outcome = await canaryDeploy(inputs({ image: v1, release: 'v1.0.0', smoke }), here.ports)
    expect(outcome.targets).toMatchObject([
      { verdict: 'promoted', rollout: { smoke: { outcome: 'passed' } } },
    ])
  })

  test('are refused: it is removed', async () => {
    const here = scenario({ tests: { [v1]: 'refused' } })
    const outcome = await canaryDeploy(inputs({ image: v1, release: 'v1.0.0', smoke }), here.ports)
    here.settle()
    expect(outcome.targets).toMatchObject([{ verdict: 'rolled-back' }])
    expect(here.names('Deployment')).toEqual([])
  })
})

test('a rollback is not tested again', async () => {
  const { here } = await second({})
  const tests = { run: () => Promise.reject(new Error('tested again')) }
  const outcome = await canaryDeploy(inputs({ operation: 'rollback', image: null, release: null }), {
    ...here.ports,
    smoke: tests,
  })
  expect(outcome.targets).toMatchObject([{ verdict: 'rolled-back', release: 'v1.0.0' }])
})
