import type { ConfigMap, Deployment, Secret } from '@alt-las/kubernetes'
import { describe, expect, test } from '@jest/globals'
import { referencesOf } from '../../../packages/rollout/configs/references.ts'
import { manifests, v1, v2, v3 } from '../../../packages/rollout/testing/manifests.ts'
import { login, referring, settings } from './testing/repository.ts'
import { type Scenario, scenario } from './testing/scenario.ts'

const repository = (mode: string, password = 'one') => ({
  spec: referring,
  objects: [settings({ MODE: mode }), login(password)],
})
const plain = (here: Scenario) => here.peek<ConfigMap>('ConfigMap', 'settings')?.data
const password = (here: Scenario) =>
  Buffer.from(here.peek<Secret>('Secret', 'login')?.data?.['password'] ?? '', 'base64').toString()

/** What the pods of the live workload really read. */
function mounted(here: Scenario, name = 'web') {
  const spec = here.peek<Deployment>('Deployment', name, 'apps/v1')?.spec.template.spec
  const found = (spec === undefined ? [] : referencesOf(spec)).toSorted((a, b) => (a.kind < b.kind ? -1 : 1))
  return found.map((one) => here.peek<ConfigMap>(one.kind, one.name)?.data)
}
const copies = (here: Scenario, kind: string) =>
  here.names(kind).filter((name) => /-[0-9a-f]{12}$/.test(name))

describe('configuration', () => {
  test('is a part of the version: its pods read immutable copies, and the plain names have the same content', async () => {
    const here = scenario()
    await here.run({}, repository('a'))
    expect(copies(here, 'ConfigMap')).toHaveLength(1)
    expect(here.peek<ConfigMap>('ConfigMap', copies(here, 'ConfigMap')[0] ?? '')?.immutable).toBe(true)
    const mode = { MODE: 'a' }
    const secret = { password: Buffer.from('one').toString('base64') }
    expect(mounted(here)).toEqual([mode, undefined, secret])
    expect(plain(here)).toEqual(mode)
    expect(password(here)).toBe('one')
  })

  test('under its plain name is untouched until the version is promoted', async () => {
    const here = scenario({ errors: { [v2]: 0.5 } })
    await here.run({}, repository('a'))
    const written: unknown[] = []
    const watched = here.cluster.hooks.onWrite
    here.cluster.hooks.onWrite = (seen) => {
      watched?.(seen)
      if (['settings', 'login'].includes(seen.object.metadata.name)) written.push(seen)
    }
    const outcome = await here.run({ image: v2, release: 'r2' }, repository('b', 'two'))
    expect(outcome).toMatchObject({ kind: 'refused', targets: [{ verdict: 'rolled-back' }] })
    expect(written).toEqual([])
    expect(mounted(here)[0]).toEqual({ MODE: 'a' })
    // A version that was never promoted is not a release to return to.
    expect(copies(here, 'ConfigMap')).toHaveLength(1)
    expect(here.violations).toEqual([])
  })

  test('of a canary is its own while stable goes on with the old one', async () => {
    const here = scenario()
    await here.run({}, repository('a'))
    const pause = { pauseAtPreview: true, steps: [{ weight: 50, holdMs: 5000 }] }
    await here.run({ image: v2, release: 'r2', steps: pause }, repository('b'))
    expect(mounted(here, 'web-canary')[0]).toEqual({ MODE: 'b' })
    expect(mounted(here)[0]).toEqual({ MODE: 'a' })
    expect(plain(here)).toEqual({ MODE: 'a' })
    // Promoted by another run, which has no manifests: the content comes from the copies.
    await here.run({ operation: 'promote', image: null, release: null })
    expect(mounted(here)[0]).toEqual({ MODE: 'b' })
    expect(plain(here)).toEqual({ MODE: 'b' })
  })

  test('comes back with a rollback, in the pods and under the plain names', async () => {
    const here = scenario()
    await here.run({}, repository('a', 'one'))
    await here.run({ image: v2, release: 'r2' }, { ...repository('b', 'two') })
    expect([plain(here), password(here)]).toEqual([{ MODE: 'b' }, 'two'])
    const outcome = await here.run({ operation: 'rollback', image: null, release: null })
    expect(outcome).toMatchObject({ kind: 'passed', targets: [{ release: 'r1' }] })
    expect([plain(here), password(here)]).toEqual([{ MODE: 'a' }, 'one'])
    expect(mounted(here)).toEqual([
      { MODE: 'a' },
      undefined,
      { password: Buffer.from('one').toString('base64') },
    ])
  })

  test('that was there before this action came back, too: a rollback to the adopted version finds it', async () => {
    const here = scenario()
    const { cluster } = here
    const [adopted, ...others] = manifests() as [Deployment, ...Deployment[]]
    const template = { ...adopted.spec.template, spec: { ...adopted.spec.template.spec, ...referring } }
    cluster.put({ ...adopted, spec: { ...adopted.spec, template } })
    const { apiVersion, kind, metadata } = login('old')
    const secret = { apiVersion, kind, metadata }
    const data = { password: Buffer.from('old').toString('base64') }
    for (const one of [...others, settings({ MODE: 'old', GONE: 'later' }), { ...secret, data }])
      cluster.put(one)
    here.settle()
    const old = mounted(here)
    const promoted = await here.run({ image: v2, release: 'r2' }, repository('b', 'two'))
    expect(promoted).toMatchObject({ kind: 'passed', targets: [{ verdict: 'promoted' }] })
    expect(plain(here)).toEqual({ MODE: 'b' })
    const outcome = await here.run({ operation: 'rollback', image: null, release: null })
    expect(outcome).toMatchObject({ kind: 'passed', targets: [{ release: 'adopted' }] })
    expect(mounted(here)).toEqual([old[0], undefined, { password: Buffer.from('old').toString('base64') }])
    expect(plain(here)).toEqual({ MODE: 'old', GONE: 'later' })
    expect(here.violations).toEqual([])
  })

  test('alone makes a new version: the same image with other configuration is rolled out', async () => {
    const here = scenario()
    await here.run({}, repository('a'))
    const outcome = await here.run({ release: 'r2' }, repository('b'))
    expect(outcome).toMatchObject({ targets: [{ verdict: 'promoted' }] })
    expect(mounted(here)[0]).toEqual({ MODE: 'b' })
  })

  test('that was changed from outside under its plain name is restored without a rollout', async () => {
    const here = scenario()
    await here.run({}, repository('a'))
    here.cluster.put(settings({ MODE: 'edited', MORE: 'x' }))
    const outcome = await here.run({}, repository('a'))
    expect(outcome).toMatchObject({ targets: [{ verdict: 'unchanged' }] })
    expect(plain(here)).toEqual({ MODE: 'a' })
  })

  test('of versions that none of the last ten releases needs is removed', async () => {
    const here = scenario()
    for (let i = 0; i < 12; i += 1)
      await here.run({ strategy: 'rolling', router: 'auto', release: `r${i}` }, repository(String(i)))
    expect(copies(here, 'ConfigMap')).toHaveLength(10)
    expect(copies(here, 'Secret')).toHaveLength(1)
    const outcome = await here.run({ operation: 'rollback', image: null, release: null, toRelease: 'r2' })
    expect(outcome.kind).toBe('passed')
    expect(plain(here)).toEqual({ MODE: '2' })
  })

  test('of a Secret is in no state, log or outcome', async () => {
    const here = scenario()
    const secret = 'correct horse'
    await here.run({}, repository('a', secret))
    const outcome = await here.run({ image: v2, release: 'r2' }, repository('b', `${secret} 2`))
    const state = here.peek<ConfigMap>('ConfigMap', 'alt-las-rollout-web')
    for (const text of [JSON.stringify(state), JSON.stringify(outcome)]) {
      expect(text).not.toContain(secret)
      expect(text).not.toContain(Buffer.from(secret).toString('base64').slice(0, 12))
    }
  })

  test('that another workload of the manifests uses as well is there before it starts', async () => {
    const here = scenario()
    const [{ metadata, ...web }] = manifests() as [Deployment]
    const labels = { app: 'worker' }
    const spec = {
      containers: [{ name: 'w', image: 'w', envFrom: [{ configMapRef: { name: 'settings' } }] }],
    }
    const worker: Deployment = {
      ...web,
      metadata: { ...metadata, name: 'worker', labels },
      spec: { replicas: 1, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
    }
    let worked: unknown = null
    const watched = here.cluster.hooks.onWrite
    here.cluster.hooks.onWrite = (seen) => {
      watched?.(seen)
      if (seen.object.metadata.name === 'worker' && seen.type === 'added') worked ??= plain(here)
    }
    await here.run({}, { spec: referring, objects: [worker, ...repository('a').objects] })
    expect(worked).toEqual({ MODE: 'a' })
  })

  test.each([
    [
      'immutable in the manifests with another content is told to take another name',
      settings({ MODE: 'a' }, { immutable: true }),
      settings({ MODE: 'b' }, { immutable: true }),
      'ConfigMap shop/settings is immutable in the manifests and has other content in the cluster',
    ],
    [
      'immutable in the cluster with another content is told to take another name',
      settings({ MODE: 'a' }, { immutable: true }),
      settings({ MODE: 'b' }),
      'ConfigMap shop/settings is immutable in the cluster with other content',
    ],
  ])('%s, before the first write', async (_name, live, wanted, why) => {
    const here = scenario()
    await here.run({}, { spec: referring, objects: [live, login('one')] })
    const writes = here.cluster.writes().length
    const act = here.run({ image: v3, release: 'r2' }, { spec: referring, objects: [wanted, login('one')] })
    await expect(act).rejects.toMatchObject({
      code: 'bad-configs',
      fault: 'input',
      message: expect.stringContaining(why),
    })
    expect(here.cluster.writes()).toHaveLength(writes)
  })

  test('that a rollback needs, but that was removed, ends it before the first write', async () => {
    const here = scenario()
    await here.run({}, repository('a'))
    await here.run({ image: v2, release: 'r2' }, repository('b'))
    const [older = ''] = copies(here, 'ConfigMap').filter(
      (name) => here.peek<ConfigMap>('ConfigMap', name)?.data?.['MODE'] === 'a',
    )
    here.cluster.drop({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: older })
    const writes = here.cluster.writes().length
    await expect(here.run({ operation: 'rollback', image: null, release: null })).rejects.toThrow(
      `the ConfigMap shop/${older} of r1 does not exist any more`,
    )
    expect(here.cluster.writes()).toHaveLength(writes)
  })
})

describe('an immutable ConfigMap', () => {
  test('is a version of its own and is not copied', async () => {
    const here = scenario()
    await here.run(
      { image: v1 },
      { spec: referring, objects: [settings({ MODE: 'a' }, { immutable: true })] },
    )
    expect(copies(here, 'ConfigMap')).toEqual([])
    expect(mounted(here)[0]).toEqual({ MODE: 'a' })
  })
})
