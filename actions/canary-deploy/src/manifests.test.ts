import type { Deployment, KubeObject, ReplicaSet } from '@alt-las/kubernetes'
import { clientSideApplied } from '@alt-las/simulated-cluster'
import { describe, expect, test } from '@jest/globals'
import { manifests, v1, v2 } from '../../../packages/rollout/testing/manifests.ts'
import { canaryDeploy } from './canary-deploy.ts'
import { inputs } from './testing/inputs.ts'
import { type Scenario, scenario } from './testing/scenario.ts'

const settings = (data: object, labels: object = {}) =>
  ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'settings', namespace: 'shop', labels },
    data,
  }) as KubeObject

const service = (selector: object): KubeObject => {
  const found = manifests().find(({ kind }) => kind === 'Service') as KubeObject & { readonly spec: object }
  return { ...found, spec: { ...found.spec, selector } } as KubeObject
}

const withObjects = (...objects: readonly KubeObject[]): readonly KubeObject[] => [
  ...manifests().filter((one) => !objects.some(({ kind }) => kind === one.kind)),
  ...objects,
]

/** Deploys these manifests as this release. */
async function deploy(here: Scenario, files: readonly KubeObject[], overrides: object = {}) {
  const asked = inputs({ image: v1, release: 'v1.0.0', ...overrides })
  const outcome = await canaryDeploy(asked, { ...here.ports, readManifests: () => Promise.resolve(files) })
  here.settle()
  return outcome
}

const peek = <T extends KubeObject>(here: Scenario, kind: string, name: string, apiVersion = 'v1') =>
  here.cluster.peek<T>({ apiVersion, kind, namespace: 'shop', name })

describe('the objects of the manifests', () => {
  test('lose what the manifests no longer say: a key, a label, an entry of a selector', async () => {
    const here = scenario()
    const labelled = { app: 'web', tier: 'front' }
    const [deployment] = manifests() as [Deployment]
    const { template } = deployment.spec
    const fronted = { ...deployment.spec, template: { ...template, metadata: { labels: labelled } } }
    const first = withObjects({ ...deployment, spec: fronted } as KubeObject, service(labelled))
    await deploy(here, [...first, settings({ a: '1', b: '2' }, { x: '1' })])
    const second = [...withObjects(), settings({ a: '1' })]
    const outcome = await deploy(here, second, { image: v2, release: 'v1.1.0' })
    expect(outcome.targets[0]?.verdict).toBe('promoted')
    expect(peek(here, 'ConfigMap', 'settings')).toHaveProperty('data', { a: '1' })
    expect(peek(here, 'ConfigMap', 'settings')?.metadata.labels).toBeUndefined()
    expect(peek(here, 'Service', 'web')).toHaveProperty('spec.selector', { app: 'web' })
    expect(here.violations).toEqual([])
  })

  test('lose it too where the release runs already, and a run that finds nothing to do writes nothing', async () => {
    const here = scenario()
    await deploy(here, withObjects(settings({ a: '1', b: '2' })))
    const outcome = await deploy(here, withObjects(settings({ a: '1' })))
    expect(outcome.targets[0]?.verdict).toBe('unchanged')
    expect(peek(here, 'ConfigMap', 'settings')).toHaveProperty('data', { a: '1' })
    const writes = here.cluster.writes().length
    await deploy(here, withObjects(settings({ a: '1' })))
    expect(here.cluster.writes()).toHaveLength(writes)
  })

  test('lose what client-side kubectl apply once said, the workload with its pods included', async () => {
    const here = scenario()
    const [deployment] = manifests() as [Deployment]
    const { template } = deployment.spec
    const containers = [
      { ...template.spec.containers[0], image: v1, env: [{ name: 'OLD_FLAG', value: 'on' }] },
      { name: 'extra', image: 'extra' },
    ]
    const former = { ...deployment.spec, template: { ...template, spec: { ...template.spec, containers } } }
    for (const one of withObjects(
      { ...deployment, spec: former } as KubeObject,
      settings({ a: '1', b: '2' }),
    ))
      here.cluster.put(clientSideApplied(one))
    here.settle()
    const outcome = await deploy(here, withObjects(settings({ a: '1' })), {
      image: v2,
      release: 'v1.1.0',
      container: 'web',
    })
    expect(outcome.targets[0]?.verdict).toBe('promoted')
    const [container, ...beside] =
      peek<Deployment>(here, 'Deployment', 'web', 'apps/v1')?.spec.template.spec.containers ?? []
    expect(container?.env?.map(({ name }) => name)).not.toContain('OLD_FLAG')
    expect(beside).toEqual([])
    expect(peek(here, 'ConfigMap', 'settings')).toHaveProperty('data', { a: '1' })
    // The pods rolled once.
    const sets = here.cluster
      .all<ReplicaSet>('ReplicaSet')
      .filter(({ metadata }) => !metadata.name.includes('canary'))
    expect(sets).toHaveLength(2)
    expect(here.violations).toEqual([])
  })
})

describe('dry-run', () => {
  test('asks the API server: what is new, what changes and what is removed, and writes nothing', async () => {
    const here = scenario()
    await deploy(here, withObjects(settings({ a: '1', b: '2', c: '3' })))
    const version = here.cluster.version()
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'keys', namespace: 'shop' } }
    const files = withObjects(settings({ a: '1', c: '4' }), secret)
    const outcome = await deploy(here, files, { dryRun: true })
    expect(outcome.forecasts?.[0]?.changes).toEqual(
      expect.arrayContaining([
        { object: 'ConfigMap shop/settings', change: 'changed: data.b (removed), data.c' },
        { object: 'Secret shop/keys', change: 'created' },
      ]),
    )
    expect(outcome.forecasts?.[0]?.problems).toEqual([])
    expect(here.cluster.version()).toBe(version)
  })

  test('names what an apply takes over from kubectl and removes', async () => {
    const here = scenario()
    await deploy(here, withObjects())
    here.cluster.put(clientSideApplied(settings({ a: '1', b: '2' })))
    const outcome = await deploy(here, withObjects(settings({ a: '1' })), { dryRun: true })
    expect(outcome.forecasts?.[0]?.changes).toContainEqual({
      object: 'ConfigMap shop/settings',
      change: 'changed: data.b (removed)',
    })
  })

  test('says what the API server would refuse, and why', async () => {
    const here = scenario()
    const secret = (type: string) =>
      ({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'keys', namespace: 'shop' },
        type,
      }) as KubeObject
    await deploy(here, withObjects(secret('Opaque')))
    const outcome = await deploy(here, withObjects(secret('example.com/other')), { dryRun: true })
    expect(outcome.because).toContain('problems: Secret shop/keys: ')
    expect(outcome.forecasts?.[0]?.problems).toEqual([expect.stringContaining('field is immutable')])
  })
})
