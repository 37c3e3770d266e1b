import { parseApiTests } from '@alt-las/api-tests'
import type { Deployment, Pod } from '@alt-las/kubernetes'
import { toMarkdown } from '@alt-las/outcome'
import type { Smoke } from '@alt-las/rollout'
import { describe, expect, test } from '@jest/globals'
import { v1, v2 } from '../../../packages/rollout/testing/manifests.ts'
import { canaryDeploy } from './canary-deploy.ts'
import type { Ports } from './ports.ts'
import { summarize } from './summary/summary.ts'
import { inputs, rollingInputs } from './testing/inputs.ts'
import { type Habits, type Scenario, scenario } from './testing/scenario.ts'
import { smoked } from './testing/smoked.ts'
import { workloadAlone } from './testing/workloads.ts'

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
    expect(ended.evidence.targets[0]?.smoke).toMatchObject({
      outcome,
      checks: [{ name: 'home', durationMs: 3 }],
    })
    expect(toMarkdown(summarize(ended))).toContain(`| home | ${outcome} | ${outcome} by`)
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

test('API tests come before the audience', async () => {
  const audience = { kind: 'header', name: 'X-Beta', value: 'true', holdMs: 30_000 } as const
  const { phases } = await second({}, { audience })
  expect(phases?.slice(0, 4)).toEqual(['apply', 'prepare', 'smoke', 'audience'])
})

describe('API tests of a first installation', () => {
  test('pass before it is done', async () => {
    const here = scenario()
    const outcome = await canaryDeploy(inputs({ image: v1, release: 'v1.0.0', smoke }), here.ports)
    expect(outcome.targets).toMatchObject([
      { verdict: 'promoted', rollout: { smoke: { outcome: 'passed' } } },
    ])
  })

  test('are refused where a workload without ready pods was there: it is as before', async () => {
    const here = scenario({ tests: { [v2]: 'refused' } })
    await canaryDeploy(inputs({ image: v1, release: 'v1.0.0' }), here.ports)
    here.settle()
    here.behaviours.set(v1, 'crash')
    for (const { metadata } of here.cluster.all<Pod>('Pod'))
      here.cluster.drop({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: metadata.name })
    here.settle()
    const outcome = await canaryDeploy(inputs({ image: v2, release: 'v1.1.0', smoke }), here.ports)
    here.settle()
    expect(outcome.targets).toMatchObject([{ verdict: 'rolled-back' }])
    const web = here.peek<Deployment>('Deployment', 'web', 'apps/v1')
    expect(web?.spec.template.spec.containers[0]?.image).toBe(v1)
  })

  test('are refused: it is removed', async () => {
    const here = scenario({ tests: { [v1]: 'refused' } })
    const outcome = await canaryDeploy(inputs({ image: v1, release: 'v1.0.0', smoke }), here.ports)
    here.settle()
    expect(outcome.targets).toMatchObject([{ verdict: 'rolled-back' }])
    expect(here.names('Deployment')).toEqual([])
  })
})

describe.each(['Deployment', 'StatefulSet', 'DaemonSet'] as const)('API tests of a rolling %s', (kind) => {
  const containers = [{ name: 'web', image: 'ghcr.io/alt-las/web', ports: [{ containerPort: 8080 }] }]
  const template = { metadata: { labels: { app: 'web', tier: 'front' } }, spec: { containers } }
  const update = async (habits: Habits, own: Partial<Ports> = {}) => {
    const here = scenario({ ...workloadAlone(kind, { template }), ...habits })
    await canaryDeploy(rollingInputs({ image: v1, release: 'v1.0.0' }), here.ports)
    here.settle()
    const before = podsOf(here)
    const outcome = await canaryDeploy(rollingInputs({ image: v2, release: 'v1.1.0', smoke }), {
      ...here.ports,
      ...own,
    })
    here.settle()
    return { here, before, outcome, target: outcome.targets[0] }
  }
  const podsOf = ({ cluster }: Scenario) => cluster.all<Pod>('Pod').map(({ metadata }) => metadata.uid)

  test('pass at a pod of their own, which no Service selects and which is gone before the first replacement', async () => {
    const seen: (readonly (readonly [string, object | undefined])[])[] = []
    const watching = (own: Scenario): Smoke => ({
      run: (tests, target) => {
        seen.push(
          own.cluster
            .all<Pod>('Pod')
            .filter(({ metadata }) => metadata.name === target.name)
            .map(({ metadata }) => [target.port, metadata.labels]),
        )
        return smoked(own.cluster, () => 'passed').run(tests, target)
      },
    })
    const world = scenario(workloadAlone(kind, { template }))
    await canaryDeploy(rollingInputs({ image: v1, release: 'v1.0.0' }), world.ports)
    world.settle()
    const outcome = await canaryDeploy(rollingInputs({ image: v2, release: 'v1.1.0', smoke }), {
      ...world.ports,
      smoke: watching(world),
    })
    expect(seen).toEqual([
      [
        [
          '8080',
          {
            tier: 'front',
            'alt-las.dev/smoke': 'web',
            'app.kubernetes.io/managed-by': 'alt-las-delivery',
          },
        ],
      ],
    ])
    expect(outcome.targets[0]).toMatchObject({ verdict: 'promoted' })
    expect(outcome.targets[0]?.rollout?.timeline.map(({ phase }) => phase)).toEqual([
      'apply',
      'smoke',
      'roll',
      'promoted',
    ])
    world.settle()
    expect(world.names('Pod').filter((name) => name.includes('smoke'))).toEqual([])
  })

  test('are refused: no pod was replaced, and theirs is gone', async () => {
    const { here, before, target } = await update({ tests: { [v2]: 'refused' } })
    expect(target).toMatchObject({
      verdict: 'rolled-back',
      because: expect.stringContaining('no user has met'),
    })
    expect(podsOf(here)).toEqual(before)
  })

  test('end with the cause where their pod cannot run', async () => {
    const { here, before, target } = await update({ behaviours: { [v2]: 'crash' } })
    expect(target).toMatchObject({ verdict: 'rolled-back', because: expect.stringContaining('exit code 3') })
    expect(podsOf(here)).toEqual(before)
  })

  test('are interrupted: their pod is removed', async () => {
    const stop = new AbortController()
    const run = () => {
      stop.abort(new Error('interrupted by SIGINT'))
      return new Promise<never>(() => undefined)
    }
    const { here, before, target } = await update({}, { smoke: { run }, interrupted: stop.signal })
    expect(target).toMatchObject({ verdict: 'rolled-back' })
    expect(podsOf(here)).toEqual(before)
  })

  test('pass at a pod of a first installation', async () => {
    const here = scenario(workloadAlone(kind, { template }))
    const outcome = await canaryDeploy(rollingInputs({ image: v1, release: 'v1.0.0', smoke }), here.ports)
    expect(outcome.targets).toMatchObject([
      { verdict: 'promoted', rollout: { smoke: { outcome: 'passed' } } },
    ])
  })
})

test.each([
  ['has no port', {}, 'the container web has no port'],
  ['uses the network of its node', { ports: 1, spec: { hostNetwork: true } }, 'uses the network of its node'],
  ['takes a port of its node', { ports: 1, hostPort: 80 }, 'takes the port 80 of its node'],
] as const)(
  'a rolling update whose template %s is refused before the first write',
  async (_name, how, because) => {
    const more: { readonly ports?: number; readonly hostPort?: number; readonly spec?: object } = how
    const ports =
      more.ports === undefined
        ? []
        : [{ containerPort: 80, ...(more.hostPort === undefined ? {} : { hostPort: more.hostPort }) }]
    const template = {
      metadata: { labels: { app: 'web' } },
      spec: { containers: [{ name: 'web', image: 'ghcr.io/alt-las/web', ports }], ...more.spec },
    }
    const here = scenario(workloadAlone('DaemonSet', { template }))
    await canaryDeploy(rollingInputs({ image: v1, release: 'v1.0.0' }), here.ports)
    here.settle()
    const writes = here.cluster.writes().length
    await expect(
      canaryDeploy(rollingInputs({ image: v2, release: 'v1.1.0', smoke }), here.ports),
    ).rejects.toThrow(because)
    expect(here.cluster.writes()).toHaveLength(writes)
  },
)

test('a rollback is not tested again', async () => {
  const { here } = await second({})
  const tests = { run: () => Promise.reject(new Error('tested again')) }
  const outcome = await canaryDeploy(inputs({ operation: 'rollback', image: null, release: null }), {
    ...here.ports,
    smoke: tests,
  })
  expect(outcome.targets).toMatchObject([{ verdict: 'rolled-back', release: 'v1.0.0' }])
})
