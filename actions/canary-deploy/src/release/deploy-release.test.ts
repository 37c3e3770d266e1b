import { describe, expect, test } from '@jest/globals'
import type { ConfigMap, Deployment, KubeObject, Lease } from '@alt-las/kubernetes'
import type { ResourceQuota } from '../../../../packages/rollout/observe/observe-quotas.ts'
import { v1, v2 } from '../../../../packages/rollout/testing/manifests.ts'
import { canaryDeploy } from '../canary-deploy.ts'
import type { CanaryOutcome } from '../outcome.ts'
import { inputs } from '../testing/inputs.ts'
import { settings } from '../testing/repository.ts'
import type { Scenario } from '../testing/scenario.ts'
import {
  type Target,
  imageOf,
  manifestsOf,
  phases,
  released,
  releaseInputs,
  running,
  severalPorts,
  severalScenario,
} from '../testing/several.ts'

const five: readonly Target[] = [
  { name: 'gateway', needs: ['orders', 'users'] },
  { name: 'orders', needs: ['store'] },
  { name: 'users' },
  { name: 'store' },
  { name: 'mail' },
]
/** The Deployment with its environment from the ConfigMap `settings`. */
function readingSettings(one: KubeObject): KubeObject {
  const deployment = one as Deployment
  const { template } = deployment.spec
  const containers = template.spec.containers.map((container) => ({
    ...container,
    envFrom: [{ configMapRef: { name: 'settings' } }],
  }))
  const spec = { ...deployment.spec, template: { ...template, spec: { ...template.spec, containers } } }
  return { ...deployment, spec } as KubeObject
}

const leases = 'coordination.k8s.io/v1'
const all = (targets: readonly Target[], image: string) => targets.map(({ name }) => imageOf(name, image))
const verdicts = ({ targets }: CanaryOutcome) =>
  Object.fromEntries(targets.map(({ deployment, verdict }) => [deployment, verdict]))
/** The number of the first line of a target with these words; -1 = none. */
const lineOf = ({ log }: Scenario, name: string, words: string) =>
  log.lines.findLastIndex((line) => line.trimStart().startsWith(name) && line.includes(words))

describe('a release of several targets', () => {
  test('is promoted in all of them, each after those that it needs', async () => {
    const here = severalScenario(five)
    const outcome = await released(here, five)
    expect(outcome).toMatchObject({ kind: 'passed', verdict: 'promoted' })
    expect(outcome.because).toContain('release r2 has passed in all 5 targets')
    expect(running(here, five)).toEqual(all(five, v2))
    expect(here.violations).toEqual([])
    const begins = (name: string) =>
      lineOf(here, name, 'r2 begins') + lineOf(here, name, 'becomes the canary')
    const warm = (name: string) => lineOf(here, name, '→ warm')
    expect(begins('orders')).toBeGreaterThan(warm('store'))
    expect(begins('gateway')).toBeGreaterThan(warm('orders'))
    // Nobody gives up the old version before the last one has passed.
    const promotes = five.map(({ name }) => lineOf(here, name, '→ promote-stable'))
    expect(Math.min(...promotes)).toBeGreaterThan(warm('gateway'))
  })

  test('one that is refused brings all back, those first that need others', async () => {
    const here = severalScenario(five, { errors: { [imageOf('gateway', v2)]: 0.5 } })
    const outcome = await released(here, five)
    expect(outcome).toMatchObject({ kind: 'refused', verdict: 'rolled-back' })
    expect(outcome.because).toContain('release r2 is rolled back as one, gateway was refused')
    expect(new Set(Object.values(verdicts(outcome)))).toEqual(new Set(['rolled-back']))
    expect(running(here, five)).toEqual(all(five, v1))
    expect(phases(here, five)).toEqual(five.map(() => 'rolled-back'))
    expect(here.violations).toEqual([])
    expect(here.shares()).toEqual(five.map(() => 0))
    const back = (name: string) => lineOf(here, name, '→ revert')
    expect(back('orders')).toBeGreaterThan(back('gateway'))
    expect(back('store')).toBeGreaterThan(back('orders'))
  })

  test('those that were not begun stay as they are', async () => {
    const here = severalScenario(five, { behaviours: { [imageOf('store', v2)]: 'crash' } })
    const outcome = await released(here, five)
    expect(outcome.kind).toBe('refused')
    expect(verdicts(outcome)).toMatchObject({
      store: 'rolled-back',
      orders: 'unchanged',
      gateway: 'unchanged',
    })
    expect(outcome.targets.find(({ deployment }) => deployment === 'orders')?.because).toContain(
      'was not begun',
    )
    expect(running(here, five)).toEqual(all(five, v1))
    expect(here.violations).toEqual([])
  })

  test('a rolling target has no old version beside it: it goes back by its recorded release', async () => {
    const targets: readonly Target[] = [
      { name: 'web', needs: ['store'] },
      { name: 'store', with: { strategy: 'rolling', router: 'auto' } },
    ]
    const here = severalScenario(targets, { errors: { [imageOf('web', v2)]: 0.5 } })
    const outcome = await released(here, targets)
    expect(verdicts(outcome)).toEqual({ web: 'rolled-back', store: 'rolled-back' })
    expect(outcome.targets.find(({ deployment }) => deployment === 'store')?.because).toContain('back on r1')
    expect(running(here, targets)).toEqual(all(targets, v1))
    expect(here.violations).toEqual([])
  })

  const old: readonly Target[] = [{ name: 'web' }]
  const both: readonly Target[] = [{ name: 'web', needs: ['store'] }, { name: 'store' }]
  const refusedWith = async (before: (here: Scenario) => void) => {
    const here = severalScenario(both, { errors: { [imageOf('web', v2)]: 0.5 } })
    await canaryDeploy(releaseInputs(old, 'r1', v1), severalPorts(here))
    before(here)
    here.settle()
    const ports = severalPorts(here, here.runner('ALT-LAS/web/2/1'))
    const outcome = await canaryDeploy(releaseInputs(both, 'r2', v2), ports)
    here.settle()
    expect(outcome).toMatchObject({ kind: 'refused', verdict: 'rolled-back' })
    expect(verdicts(outcome)).toEqual({ web: 'rolled-back', store: 'rolled-back' })
    return { here, store: outcome.targets.find(({ deployment }) => deployment === 'store') }
  }

  test('a first installation goes, too, and what stays of it is named', async () => {
    const { here, store } = await refusedWith(() => undefined)
    expect(store?.because).toContain('its first installation goes back: web of the same release was refused')
    expect(store?.because).toContain('written objects that stay: Service shop/store')
    expect(running(here, both)).toEqual([imageOf('web', v1), ''])
    expect(phases(here, both)).toEqual(['rolled-back', 'rolled-back'])
    expect(store?.rollout?.releases).toEqual({ current: null, list: [] })
    const goes = lineOf(here, 'store', 'its first installation goes back')
    expect(goes).toBeGreaterThan(lineOf(here, 'web', '→ revert'))
    // What was installed goes on purpose, and nothing else.
    expect(here.violations.filter((one) => !one.includes('Service store selects no ready pod'))).toEqual([])
    // The same release comes again, whole.
    here.errors.clear()
    const again = severalPorts(here, here.runner('ALT-LAS/web/3/1'))
    expect(await canaryDeploy(releaseInputs(both, 'r2', v2), again)).toMatchObject({ verdict: 'promoted' })
    expect(running(here, both)).toEqual(all(both, v2))
  })

  test('a Deployment that was there and served nobody is what it was', async () => {
    const idle = JSON.stringify(manifestsOf('store').find(({ kind }) => kind === 'Deployment'))
    const { here } = await refusedWith(({ cluster, behaviours }) => {
      behaviours.set(imageOf('store', v1), 'crash')
      const image = `"image":"${imageOf('store', v1)}"`
      cluster.put(JSON.parse(idle.replace(/"image":"[^"]+"/, image)) as Deployment)
    })
    expect(running(here, both)).toEqual(all(both, v1))
  })

  test('run again after its end it changes nothing', async () => {
    const here = severalScenario(five)
    await released(here, five)
    const writes = here.cluster.writes().length
    const ports = severalPorts(here, here.runner('ALT-LAS/web/3/1'))
    const outcome = await canaryDeploy(releaseInputs(five, 'r2', v2), ports)
    expect(outcome).toMatchObject({ kind: 'passed', verdict: 'unchanged' })
    expect(here.cluster.writes()).toHaveLength(writes)
  })

  test('another release with one of its targets is told so before its first write', async () => {
    const here = severalScenario(five)
    await canaryDeploy(releaseInputs(five, 'r1', v1), severalPorts(here))
    here.settle()
    const first = canaryDeploy(releaseInputs(five, 'r2', v2), severalPorts(here, here.runner('first/1/1')))
    while (here.peek<Lease>('Lease', 'alt-las-rollout-gateway', leases)?.spec?.holderIdentity !== 'first/1/1')
      await here.clock.sleep(100)
    const overlapping: readonly Target[] = [{ name: 'gateway' }, { name: 'mail' }]
    const second = canaryDeploy(
      releaseInputs(overlapping, 'r3', v1),
      severalPorts(here, here.runner('second/1/1')),
    )
    await expect(second).rejects.toThrow(/gateway: another run is acting on this target: first\/1\/1/)
    expect(await first).toMatchObject({ verdict: 'promoted' })
    expect(here.violations).toEqual([])
  })

  test('configuration that several targets have is kept while one of them may go back to it', async () => {
    const two: readonly Target[] = [{ name: 'web' }, { name: 'store' }]
    const here = severalScenario(two)
    const of = (mode: string) => (name: string) => [
      ...manifestsOf(name).map((one) => (one.kind === 'Deployment' ? readingSettings(one) : one)),
      settings({ MODE: mode }),
    ]
    const ports = (run: number, mode: string) => ({
      ...here.runner(`run/${run}/1`),
      readManifests: (paths: readonly string[]) => Promise.resolve(paths.flatMap(of(mode))),
    })
    await canaryDeploy(releaseInputs(two, 'r1', v1), ports(1, 'old'))
    here.settle()
    expect(await canaryDeploy(releaseInputs(two, 'r2', v2), ports(2, 'new'))).toMatchObject({
      verdict: 'promoted',
    })
    here.settle()
    const back = inputs({ operation: 'rollback', deployment: null, image: null, release: 'r2' })
    expect(await canaryDeploy(back, ports(3, 'new'))).toMatchObject({ kind: 'passed' })
    expect(here.peek<ConfigMap>('ConfigMap', 'settings')?.data).toEqual({ MODE: 'old' })
    expect(running(here, two)).toEqual(all(two, v1))
    expect(here.violations).toEqual([])
  })

  test('the forecast is one for all, and changes nothing', async () => {
    const here = severalScenario(five)
    await canaryDeploy(releaseInputs(five, 'r1', v1), severalPorts(here))
    here.settle()
    const writes = here.cluster.writes().length
    const outcome = await canaryDeploy(releaseInputs(five, 'r2', v2, { dryRun: true }), severalPorts(here))
    expect(outcome.forecasts).toHaveLength(5)
    expect(here.cluster.writes()).toHaveLength(writes)
  })
})

describe('before the first write of a release', () => {
  const two: readonly Target[] = [{ name: 'web' }, { name: 'store' }]
  const refusal = async (here: Scenario, files = manifestsOf, release = 'r2') => {
    const writes = here.cluster.writes().length
    const ports = {
      ...severalPorts(here),
      readManifests: (paths: readonly string[]) => Promise.resolve(paths.flatMap((name) => files(name))),
    }
    const error: unknown = await canaryDeploy(releaseInputs(two, release, v2), ports).catch(
      (thrown: unknown) => thrown,
    )
    expect(here.cluster.writes()).toHaveLength(writes)
    return String(error)
  }

  test('the problems of all targets are said together', async () => {
    const here = severalScenario(two)
    const said = await refusal(here, () => [])
    expect(said).toContain('2 problems, nothing was changed')
    expect(said).toContain('web: the manifests contain no Deployment')
    expect(said).toContain('store: the manifests contain no Deployment')
  })

  test('an object that differs in two targets is refused', async () => {
    const here = severalScenario(two)
    const said = await refusal(here, (name) => [
      ...manifestsOf(name),
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'app', labels: { of: name } } },
    ])
    expect(said).toContain('ServiceAccount')
    expect(said).toContain('differs in the manifests of web and store')
  })

  test('a quota that has room for each, and not for both side by side, is refused with the figures', async () => {
    const here = severalScenario(two)
    await canaryDeploy(releaseInputs(two, 'r1', v1), severalPorts(here))
    here.settle()
    const quota: ResourceQuota = {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'small', namespace: 'shop' },
      status: { hard: { pods: '11' }, used: { pods: '6' } },
    }
    here.cluster.put(quota)
    const said = await refusal(here)
    expect(said).toContain('ResourceQuota small: pods has 5 of 11 left, the targets side by side need')
  })

  test('one route of two services is refused: only one rollout may write it', async () => {
    const here = severalScenario(two)
    await canaryDeploy(releaseInputs(two, 'r1', v1), severalPorts(here))
    here.settle()
    const route = {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata: { name: 'both', namespace: 'shop' },
      spec: {
        parentRefs: [{ name: 'atlas' }],
        rules: two.map(({ name }) => ({ backendRefs: [{ name, port: 80, weight: 1 }] })),
      },
    }
    here.cluster.put(route)
    expect(await refusal(here)).toContain('HTTPRoute both is moved by both web and store')
  })
})
