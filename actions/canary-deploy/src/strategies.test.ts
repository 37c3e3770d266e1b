import type { Deployment, KubeObject, Service } from '@alt-las/kubernetes'
import { podHash } from '@alt-las/routers'
import { describe, expect, test } from '@jest/globals'
import { v1, v2, v3 } from '../../../packages/rollout/testing/manifests.ts'
import { canaryDeploy } from './canary-deploy.ts'
import type { Given } from './given.ts'
import { inputs } from './testing/inputs.ts'
import { type Scenario, scenario } from './testing/scenario.ts'
import { always } from './plan/parse-soak-time.ts'

const at = (kind: string, name: string, apiVersion = 'v1') => ({ apiVersion, kind, namespace: 'shop', name })
const image = (here: Scenario, name = 'web') =>
  here.cluster.peek<Deployment>(at('Deployment', name, 'apps/v1'))?.spec.template.spec.containers[0]?.image ??
  null
const selector = (here: Scenario) => here.cluster.peek<Service>(at('Service', 'web'))?.spec.selector

function expectAtRest(here: Scenario, serving: string): void {
  expect(here.violations).toEqual([])
  expect(image(here)).toBe(serving)
  for (const name of ['web-canary', 'web-preview']) expect(here.cluster.peek(at('Service', name))).toBeNull()
  expect(image(here, 'web-canary')).toBeNull()
  expect(selector(here)).toEqual({ app: 'web' })
}

async function installed(): Promise<Scenario> {
  const here = scenario()
  await canaryDeploy(inputs(), here.ports)
  here.settle()
  return here
}

const run = (here: Scenario, overrides: Partial<Given>, ports = here.ports) =>
  canaryDeploy(inputs({ image: v2, release: 'v1.1.0', ...overrides }), ports)
const phases = (outcome: Awaited<ReturnType<typeof run>>) =>
  outcome.targets[0]?.rollout?.timeline.map(({ phase }) => phase)

const blueGreen = {
  strategy: 'blue-green',
  router: 'auto',
  bake: always(20_000),
  rollbackWindow: always(60_000),
} as const

describe('blue-green', () => {
  test('green comes up at full size beside blue, is switched to at once, judged, and becomes the Deployment', async () => {
    const here = await installed()
    const before = here.cluster.calls.length
    const outcome = await run(here, blueGreen)
    expect(outcome).toMatchObject({ kind: 'passed', targets: [{ verdict: 'promoted', previousImage: v1 }] })
    expect(phases(outcome)).toEqual([
      'apply',
      'prepare',
      'promote-traffic',
      'warm',
      'promote-stable',
      'promote-return',
      'promote-clean',
      'promoted',
    ])
    expectAtRest(here, v2)
    const switches = here.cluster.calls
      .slice(before)
      .filter(({ verb, at: { kind, name } }) => verb === 'patch' && kind === 'Service' && name === 'web')
      .filter(({ body }) => JSON.stringify(body).includes('/spec/selector'))
      .map(({ body }) => (body as readonly { value: Record<string, string> }[]).at(-1)?.value[podHash])
    // Pinned to blue, switched to green, switched to the Deployment's new pods, unpinned: four writes, two of them the switches.
    expect(switches).toHaveLength(4)
    expect(new Set(switches.slice(0, 3)).size).toBe(3)
    expect(switches[3]).toBeUndefined()
  })

  test('green that never gets ready: the Service is never written but for the pin on blue', async () => {
    const here = await installed()
    here.behaviours.set(v2, 'crash')
    const outcome = await run(here, blueGreen)
    expect(outcome.kind).toBe('refused')
    expect(phases(outcome)).not.toContain('promote-traffic')
    expectAtRest(here, v1)
  })

  test('green that fails requests after the switch is left in one write, for blue that stayed warm', async () => {
    const here = await installed()
    here.errors.set(v2, 0.5)
    const outcome = await run(here, blueGreen)
    expect(outcome).toMatchObject({ kind: 'refused', targets: [{ verdict: 'rolled-back' }] })
    expect(phases(outcome)?.slice(-3)).toEqual(['warm', 'revert', 'rolled-back'])
    const told = JSON.stringify(outcome)
    expect(told).toMatch(/green fails 50 % of requests .* blue 0 % .* before the switch/)
    expect(told).not.toMatch(/the canary|stable's/)
    expectAtRest(here, v1)
  })

  test('paused at preview it waits for ever, without a runner; promote goes on from another job', async () => {
    const here = await installed()
    const paused = await run(here, { ...blueGreen, pauseAt: 'preview' })
    expect(paused).toMatchObject({ kind: 'passed', targets: [{ verdict: 'paused', weight: 0 }] })
    expect(here.cluster.peek(at('Service', 'web-preview'))).not.toBeNull()
    const again = await run(here, { ...blueGreen, pauseAt: 'preview' })
    expect(again.targets[0]?.verdict).toBe('paused')
    const outcome = await run(
      here,
      { operation: 'promote', image: null, release: null },
      here.runner('another/2/1'),
    )
    expect(outcome).toMatchObject({ kind: 'passed', targets: [{ verdict: 'promoted' }] })
    expectAtRest(here, v2)
  })

  test('paused at preview and aborted it is as if nothing had happened', async () => {
    const here = await installed()
    await run(here, { ...blueGreen, pauseAt: 'preview' })
    const outcome = await run(here, { operation: 'abort', image: null, release: null })
    expect(outcome).toMatchObject({ kind: 'passed', targets: [{ verdict: 'rolled-back' }] })
    expectAtRest(here, v1)
  })
})

describe('pauses of a canary', () => {
  const paused: Partial<Given> = {
    steps: {
      pauseAtPreview: false,
      steps: [
        { weight: 10, holdMs: 5000, pause: true },
        { weight: 50, holdMs: 5000 },
      ],
    },
  }

  test('a pause keeps the weight, another deploy of the same plan changes nothing, promote goes on with the steps', async () => {
    const here = await installed()
    const first = await run(here, paused)
    expect(first).toMatchObject({ kind: 'passed', targets: [{ verdict: 'paused', weight: 10 }] })
    expect(here.shares()).toEqual([10])
    expect((await run(here, paused)).targets[0]?.verdict).toBe('paused')
    const last = await run(here, { operation: 'promote', image: null, release: null }, here.runner('b/2/1'))
    expect(last.targets[0]?.verdict).toBe('promoted')
    expect(phases(last)).toContain('step 2')
    expectAtRest(here, v2)
  })

  test('abort from another job puts the traffic back and clears the canary away', async () => {
    const here = await installed()
    await run(here, paused)
    const outcome = await run(here, { operation: 'abort', image: null, release: null }, here.runner('b/2/1'))
    expect(outcome).toMatchObject({ kind: 'passed', targets: [{ verdict: 'rolled-back' }] })
    expectAtRest(here, v1)
  })

  test('another release takes a paused one back first', async () => {
    const here = await installed()
    await run(here, paused)
    const outcome = await run(here, { image: v3, release: 'v1.2.0' })
    expect(outcome.targets[0]?.verdict).toBe('promoted')
    expectAtRest(here, v3)
  })

  test('nothing to promote or abort is said, and is no failure', async () => {
    const here = await installed()
    for (const operation of ['promote', 'abort'] as const) {
      const outcome = await run(here, { operation, image: null, release: null })
      expect(outcome.kind).toBe('passed')
      expect(outcome.because).toContain(`there is no unfinished rollout to ${operation}`)
    }
  })
})

describe('the rollback window', () => {
  test('keeps the old version at full size behind all traffic on the new one, and an abort is one patch', async () => {
    const here = await installed()
    const stop = new AbortController()
    const seen: string[] = []
    here.cluster.hooks.onWrite = ({ object }: { readonly object: KubeObject }) => {
      if (here.shares()[0] === 100 && !stop.signal.aborted) {
        seen.push(`${object.kind} ${object.metadata.name}`)
        if (object.kind === 'ConfigMap') stop.abort(new Error('SIGTERM'))
      }
    }
    const ports = here.runner('a/1/1', { interrupted: stop.signal })
    await expect(run(here, { rollbackWindow: always(600_000) }, ports)).rejects.toThrow('SIGTERM')
    expect(here.shares()[0] ?? 0).toBe(0)
    expect(image(here)).toBe(v1)
  })
})
