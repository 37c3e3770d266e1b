import { Failure } from '@alt-las/failure'
import type { ConfigMap, Deployment, HTTPRoute, KubeObject, Service } from '@alt-las/kubernetes'
import { describe, expect, test } from '@jest/globals'
import type { Plan } from '@alt-las/rollout'
import { v1, v2, v3 } from '../../../packages/rollout/testing/manifests.ts'
import { canaryDeploy } from './canary-deploy.ts'
import { inputs } from './testing/inputs.ts'
import { type Scenario, scenario } from './testing/scenario.ts'

const at = (kind: string, name: string, apiVersion = 'v1') => ({ apiVersion, kind, namespace: 'shop', name })
const image = (here: Scenario, name = 'web') =>
  here.cluster.peek<Deployment>(at('Deployment', name, 'apps/v1'))?.spec.template.spec.containers[0]?.image ??
  null
const selector = (here: Scenario) => here.cluster.peek<Service>(at('Service', 'web'))?.spec.selector
const refs = (here: Scenario) =>
  here.cluster.peek<HTTPRoute>(at('HTTPRoute', 'web', 'gateway.networking.k8s.io/v1'))?.spec.rules?.[0]
    ?.backendRefs

/** Nothing of a rollout is left, and `serving` has all the traffic. */
function expectAtRest(here: Scenario, serving: string): void {
  expect(here.violations).toEqual([])
  expect(image(here)).toBe(serving)
  expect(image(here, 'web-canary')).toBeNull()
  expect(here.cluster.peek(at('Service', 'web-canary'))).toBeNull()
  expect(selector(here)).toEqual({ app: 'web' })
  expect(refs(here)).toEqual([{ name: 'web', port: 80, weight: 1 }])
}

async function installed(): Promise<Scenario> {
  const here = scenario()
  await canaryDeploy(inputs(), here.ports)
  here.settle()
  return here
}

const deploy = (here: Scenario, to: string, release: string, ports = here.ports) =>
  canaryDeploy(inputs({ image: to, release }), ports)

describe('deploy', () => {
  test('a first installation is promoted and says that there was nothing to compare it with', async () => {
    const here = scenario()
    const outcome = await canaryDeploy(inputs(), here.ports)
    expect(outcome.kind).toBe('passed')
    expect(outcome.because).toBe('first installation: web v1.0.0 runs, there was nothing to compare it with')
    expectAtRest(here, v1)
    const container = here.cluster.peek<Deployment>(at('Deployment', 'web', 'apps/v1'))?.spec.template.spec
      .containers[0]
    expect(container?.env).toEqual([
      { name: 'IMAGE_DIGEST', value: `sha256:${'1'.repeat(64)}` },
      { name: 'MODE', value: 'x' },
    ])
  })

  test('a healthy version goes through every step and is promoted', async () => {
    const here = await installed()
    const outcome = await deploy(here, v2, 'v1.1.0')
    expect(outcome).toMatchObject({ kind: 'passed', targets: [{ verdict: 'promoted', previousImage: v1 }] })
    expect(outcome.targets[0]?.rollout?.timeline.map(({ phase, weight }) => [phase, weight])).toEqual([
      ['apply', 0],
      ['prepare', 0],
      ['step 1', 0],
      ['step 2', 10],
      ['promote-traffic', 50],
      ['promote-stable', 100],
      ['promote-return', 100],
      ['promote-clean', 0],
      ['promoted', 0],
    ])
    expectAtRest(here, v2)
  })

  test('a version that fails one request in five goes back, with the figures of both in one sentence', async () => {
    const here = await installed()
    here.errors.set(v2, 0.2).set(v1, 0.001)
    const outcome = await deploy(here, v2, 'v1.2.0')
    expect(outcome).toMatchObject({ kind: 'refused', targets: [{ verdict: 'rolled-back', weight: 0 }] })
    expect(outcome.because).toMatch(
      /^v1.2.0 is rolled back: canary fails 20 % .* stable .* 1 of 100 rollouts/,
    )
    expectAtRest(here, v1)
  })

  test('a container that crashes at start is named with exit code and log, and gets no traffic', async () => {
    const here = await installed()
    here.behaviours.set(v2, 'crash')
    const shares: number[] = []
    const watched = here.cluster.hooks.onWrite
    here.cluster.hooks.onWrite = (seen) => {
      watched?.(seen)
      shares.push(...here.shares())
    }
    const before = here.clock.elapsed()
    const outcome = await deploy(here, v2, 'v1.4.0')
    expect(outcome.kind).toBe('refused')
    expect(outcome.because).toMatch(/crash loop|crashes again and again/)
    expect(outcome.because).toContain('exit code 3')
    expect(outcome.because).toContain('DATABASE_URL is not set')
    expect(Math.max(...shares)).toBe(0)
    expect(here.clock.elapsed() - before).toBeLessThan(20_000)
    expectAtRest(here, v1)
  })

  test('a first installation that crashes leaves no Deployment behind', async () => {
    const here = scenario()
    here.behaviours.set(v1, 'crash')
    const outcome = await canaryDeploy(inputs(), here.ports)
    expect(outcome).toMatchObject({ kind: 'refused', targets: [{ verdict: 'rolled-back' }] })
    expect(image(here)).toBeNull()
  })

  test('the version that runs already is unchanged, and nothing is written', async () => {
    const here = await installed()
    const writes = here.cluster.writes().length
    const outcome = await canaryDeploy(inputs(), here.ports)
    expect(outcome).toMatchObject({ kind: 'passed', targets: [{ verdict: 'unchanged' }] })
    expect(here.cluster.writes()).toHaveLength(writes)
  })

  test('the same version under a new release is only recorded', async () => {
    const here = await installed()
    const outcome = await deploy(here, v1, 'v1.1.0')
    expect(outcome).toMatchObject({ kind: 'passed', targets: [{ verdict: 'unchanged' }] })
    const again = await canaryDeploy(inputs({ operation: 'status' }), here.ports)
    expect(again.because).toBe('web runs v1.1.0, last rollout unchanged')
  })

  test('the status of what was never rolled out is that it will be installed first', async () => {
    const outcome = await canaryDeploy(inputs({ operation: 'status' }), scenario().ports)
    expect(outcome).toMatchObject({ kind: 'passed', targets: [] })
    expect(outcome.because).toContain('was never rolled out: its first deploy will be a first installation')
  })

  test('a canary without traffic is never promoted', async () => {
    const here = await installed()
    here.rps = 0
    const outcome = await deploy(here, v2, 'v1.1.0')
    expect(outcome).toMatchObject({ kind: 'refused', targets: [{ verdict: 'rolled-back' }] })
    expect(outcome.because).toContain('a proof needs some 975 requests to the canary, and none comes')
    expectAtRest(here, v1)
  })

  test('a canary whose traffic stays away is undecided at the end of its time', async () => {
    const here = await installed()
    const { history } = here.ports.scrapes
    const scrapes = {
      ...here.ports.scrapes,
      history: async (plan: Plan) => {
        const past = await history(plan)
        here.rps = 0
        return past
      },
    }
    const outcome = await canaryDeploy(inputs({ image: v2, release: 'v1.1.0' }), { ...here.ports, scrapes })
    here.settle()
    expect(outcome.because).toContain(
      'undecided after 10m00s at step 1: no canary request has been measured yet: too little to tell',
    )
    expectAtRest(here, v1)
  })

  test('every missing permission is named before the first write', async () => {
    const here = await installed()
    const writes = here.cluster.writes().length
    here.cluster.deny({ verb: 'patch', resource: 'httproutes' })
    here.cluster.deny({ verb: 'delete', resource: 'services' })
    const act = deploy(here, v2, 'v1.1.0')
    await expect(act).rejects.toThrow(
      /lack 2 permissions, nothing was changed:\n- delete services in shop\n- patch httproutes.gateway.networking.k8s.io in shop/,
    )
    expect(here.cluster.writes()).toHaveLength(writes)
  })

  test('a Deployment of unknown origin is adopted without recreating one of its pods', async () => {
    const here = await installed()
    const pods = here.cluster.all('Pod').map((one) => one.metadata.uid)
    const live = here.cluster.peek<Deployment>(at('Deployment', 'web', 'apps/v1')) as KubeObject
    here.cluster.put({ ...live, metadata: { ...live.metadata, annotations: {} } })
    here.cluster.drop(at('ConfigMap', 'alt-las-rollout-web'))
    here.errors.set(v2, 1)
    await deploy(here, v2, 'v1.1.0')
    expect(here.cluster.all('Pod').map((one) => one.metadata.uid)).toEqual(pods)
    expectAtRest(here, v1)
  })
})

describe('breakage', () => {
  const refusal = new Failure('forbidden', 'quota exceeded', { fault: 'outside' })

  test.each([
    ['the canary cannot be made', { verb: 'apply', kind: 'Deployment', name: 'web-canary' }],
    ['the weight cannot be set', { verb: 'patch', kind: 'HTTPRoute', name: 'web' }],
    ['the Service cannot be pinned', { verb: 'patch', kind: 'Service', name: 'web' }],
  ] as const)('%s: everything is put back, and the failure says so', async (_name, call) => {
    const here = await installed()
    let refused = false
    here.cluster.hooks.beforeCall = ({ verb, at, body }) => {
      const fits = verb === call.verb && at.kind === call.kind && at.name === call.name
      // The run's number comes first, in a patch of its own.
      if (refused || !fits || !JSON.stringify(body).includes('spec')) return
      refused = true
      throw refusal
    }
    await expect(deploy(here, v2, 'v1.1.0')).rejects.toThrow('quota exceeded; everything is as it was before')
    expectAtRest(here, v1)
  })

  test('an answer that is lost is no breakage: the world is looked at again', async () => {
    const here = await installed()
    const lost = new Failure('timeout', 'no answer', { fault: 'outside' })
    for (const when of ['before', 'after'] as const) {
      for (const kind of ['HTTPRoute', 'Service', 'ConfigMap'])
        here.cluster.failNext({ verb: 'patch', kind }, lost, when)
      for (const kind of ['Deployment', 'Service']) here.cluster.failNext({ verb: 'apply', kind }, lost, when)
      for (const kind of ['Deployment', 'Service'])
        here.cluster.failNext({ verb: 'remove', kind }, lost, when)
    }
    const outcome = await deploy(here, v2, 'v1.1.0')
    expect(outcome).toMatchObject({ kind: 'passed', targets: [{ verdict: 'promoted' }] })
    expectAtRest(here, v2)
  })
})

describe('rollback', () => {
  test('goes to the release before the current one, and the one that was left is no longer a way back', async () => {
    const here = await installed()
    await deploy(here, v2, 'v1.1.0')
    const back = await canaryDeploy(inputs({ operation: 'rollback', image: null }), here.ports)
    expect(back).toMatchObject({
      kind: 'passed',
      targets: [{ verdict: 'rolled-back', release: 'v1.0.0', image: v1 }],
    })
    expectAtRest(here, v1)
    await deploy(here, v3, 'v1.2.0')
    await canaryDeploy(inputs({ operation: 'rollback', image: null, deployment: null }), here.ports)
    expectAtRest(here, v1)
  })

  test('to an unrecorded release is refused with the recorded ones', async () => {
    const here = await installed()
    const act = canaryDeploy(inputs({ operation: 'rollback', toRelease: 'v0.9.0' }), here.ports)
    await expect(act).rejects.toThrow('web has no recorded release v0.9.0; recorded are: v1.0.0')
  })
})

describe('interruption', () => {
  test('one patch takes the traffic off the canary, and the next run ends what was begun', async () => {
    const here = await installed()
    const signal = new AbortController()
    let atSignal = 0
    here.cluster.hooks.afterCall = () => {
      if (here.shares()[0] === 10 && !signal.signal.aborted) {
        signal.abort(new Error('interrupted by SIGINT'))
        atSignal = here.cluster.writes().length
      }
    }
    const act = deploy(here, v2, 'v1.1.0', here.runner('ALT-LAS/web/2/1', { interrupted: signal.signal }))
    await expect(act).rejects.toThrow('interrupted by SIGINT: all traffic is on stable (web, revert)')
    const next = here.cluster.writes()[atSignal]
    expect(next).toMatchObject({ verb: 'patch', at: { kind: 'HTTPRoute' } })
    expect(here.shares()).toEqual([0])
    here.cluster.hooks.afterCall = () => undefined
    await deploy(here, v2, 'v1.1.0', here.runner('ALT-LAS/web/3/1'))
    expectAtRest(here, v2)
  })

  test('a second runner does not touch a target whose holder is alive', async () => {
    const here = await installed()
    const other = here.runner('ALT-LAS/web/9/1')
    let second: Promise<unknown> | null = null
    here.cluster.hooks.afterCall = () => {
      if (here.shares()[0] === 10) second ??= deploy(here, v3, 'v9', other).catch((error: unknown) => error)
    }
    await deploy(here, v2, 'v1.1.0')
    expect(String(await second)).toContain('another run is acting on this target: ALT-LAS/web/1/1')
    expectAtRest(here, v2)
  })

  test('the state says where it stands to people who look with kubectl', async () => {
    const here = await installed()
    const state = here.cluster.peek<ConfigMap>(at('ConfigMap', 'alt-las-rollout-web'))
    expect(state?.data).toMatchObject({ phase: 'promoted', release: 'v1.0.0', image: v1 })
  })
})
