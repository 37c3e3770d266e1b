import { describe, expect, test } from '@jest/globals'
import { Failure } from '@alt-las/failure'
import { clientSideApplied, simulate, type FakeCluster } from '@alt-las/simulated-cluster'
import type { KubeObject } from '../types/objects.ts'
import { applyManifest, dryRunManifest } from './apply-manifest.ts'
import { wouldChange } from './would-change.ts'

const me = 'me'
const at = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'ns', name: 'c' }

const map = (data: Record<string, string>, labels: Record<string, string> = {}): KubeObject =>
  ({ ...named('ConfigMap', 'v1', labels), data }) as KubeObject

const named = (kind: string, apiVersion: string, labels: Record<string, string> = {}): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name: 'c', namespace: 'ns', labels },
})

const deployment = (containers: readonly object[]): KubeObject =>
  ({
    ...named('Deployment', 'apps/v1'),
    spec: {
      selector: { matchLabels: { app: 'c' } },
      template: { metadata: { labels: { app: 'c' } }, spec: { containers } },
    },
  }) as KubeObject

function cluster(...objects: readonly KubeObject[]): FakeCluster {
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'ns' } }
  return simulate({ objects: [namespace, ...objects], defaults: true }).cluster
}

const live = (server: FakeCluster) => server.peek<KubeObject & { data?: object; spec?: object }>(at)

describe('what a manifest no longer says is gone', () => {
  test('a key, a label, an entry of a selector, an env variable and a container', async () => {
    const server = cluster()
    await applyManifest(map({ a: '1', b: '2' }, { x: '1', y: '2' }), me, server)
    await applyManifest(map({ a: '1' }, { y: '2' }), me, server)
    expect(live(server)).toMatchObject({ data: { a: '1' }, metadata: { labels: { y: '2' } } })

    const service = (selector: object) =>
      ({ ...named('Service', 'v1'), spec: { selector, ports: [{ port: 80 }] } }) as KubeObject
    await applyManifest(service({ app: 'c', tier: 'web' }), me, server)
    const after = await applyManifest(service({ app: 'c' }), me, server)
    expect(after).toHaveProperty('spec.selector', { app: 'c' })

    const one = {
      name: 'app',
      image: 'i',
      env: [
        { name: 'A', value: '1' },
        { name: 'B', value: '2' },
      ],
    }
    await applyManifest(deployment([one, { name: 'extra', image: 'i' }]), me, server)
    const then = await applyManifest(deployment([{ ...one, env: one.env.slice(0, 1) }]), me, server)
    expect(then).toHaveProperty('spec.template.spec.containers.length', 1)
    expect(then).toHaveProperty('spec.template.spec.containers.0.env', [{ name: 'A', value: '1' }])
  })

  test('but not what another manager says', async () => {
    const server = cluster()
    await applyManifest(map({ a: '1', b: '2' }), me, server)
    await server.apply(map({ b: '2', c: '3' }), 'other')
    await applyManifest(map({ a: '1' }), me, server)
    expect(live(server)?.data).toEqual({ a: '1', b: '2', c: '3' })
  })

  test('also where client-side kubectl apply said it, and with it the record of that apply', async () => {
    const app = { name: 'app', image: 'i', env: [{ name: 'OLD_FLAG', value: 'on' }] }
    const server = cluster(clientSideApplied(deployment([app, { name: 'extra', image: 'i' }])))
    const after = await applyManifest(deployment([{ name: 'app', image: 'i' }]), me, server)
    expect(after).toHaveProperty('spec.template.spec.containers.length', 1)
    expect(after).not.toHaveProperty('spec.template.spec.containers.0.env')
    expect(after.metadata.annotations).toBeUndefined()
    expect(after.metadata.managedFields).toMatchObject([{ manager: me, operation: 'Apply' }])
    expect(server.writes().map(({ verb }) => verb)).toEqual(['patch', 'apply'])
    await applyManifest(deployment([{ name: 'app', image: 'i' }]), me, server)
    expect(server.writes()).toHaveLength(3)
  })

  test('a foreign write in between is a conflict, and no field is lost', async () => {
    const server = cluster(clientSideApplied(map({ a: '1', b: '2' })))
    server.hooks.afterCall = ({ verb }) => {
      if (verb === 'get') server.put(map({ a: '1', b: '2', foreign: '3' }))
    }
    await expect(applyManifest(map({ a: '1' }), me, server)).rejects.toMatchObject({ code: 'conflict' })
    expect(live(server)?.data).toHaveProperty('foreign', '3')
  })

  test('a key of stringData, too', async () => {
    const secret = (stringData: object) => ({ ...named('Secret', 'v1'), stringData }) as KubeObject
    const server = cluster()
    await applyManifest(secret({ a: 'x', b: 'y' }), me, server)
    const after = await applyManifest(secret({ a: 'x' }), me, server)
    expect(after).toHaveProperty('data', { a: 'eA==' })
  })
})

describe('a dry run', () => {
  test('answers like an apply, stores nothing and sends no watch event', async () => {
    const server = cluster()
    await applyManifest(map({ a: '1', b: '2' }), me, server)
    const [version, before] = [server.version(), live(server)]
    let told = 0
    server.hooks.onWrite = () => void (told += 1)
    const answer = await dryRunManifest(map({ a: '1' }), me, server)
    expect(answer).toHaveProperty('data', { a: '1' })
    expect([server.version(), live(server), told]).toEqual([version, before, 0])
    server.hooks.onWrite = () => undefined
    expect(await applyManifest(map({ a: '1' }), me, server)).toHaveProperty('data', { a: '1' })
  })

  test('says whether an apply would change something: content, or who owns it', async () => {
    const server = cluster(map({ a: '1', b: '2' }))
    const would = (object: KubeObject) => wouldChange(object, me, server)
    expect(await would(map({ a: '1', b: '2' }))).toBe(true)
    server.drop(at)
    await applyManifest(map({ a: '1', b: '2' }), me, server)
    expect(await would(map({ a: '1', b: '2' }))).toBe(false)
    expect(await would(map({ a: '1', b: '2' }))).toBe(false)
    expect(await would(map({ a: '1' }))).toBe(true)
    const [own, patched] = [map({ a: '1', b: '2' }), map({ a: '9', b: '9' })]
    const mine = 'alt-las-delivery'
    await applyManifest(own, mine, server)
    for (const { data } of [patched, own] as readonly { readonly data?: object }[])
      await server.patch(at, [{ op: 'replace', path: '/data', value: data }])
    expect(await wouldChange(own, mine, server)).toBe(false)
    expect(await would({ ...map({}), metadata: { name: 'absent', namespace: 'ns' } })).toBe(true)
    server.failNext({ verb: 'dry-run' }, new Failure('invalid', 'a webhook refuses it', { fault: 'input' }))
    expect(await would(map({ a: '1', b: '2' }))).toBe(true)
  })

  test('of what is not there yet has defaults and no version', async () => {
    const answer = await dryRunManifest(deployment([{ name: 'app', image: 'i' }]), me, cluster())
    expect(answer).toHaveProperty('spec.progressDeadlineSeconds', 600)
    expect(answer.metadata).not.toHaveProperty('resourceVersion')
  })

  test('fails as the apply would fail: an immutable field, a namespace that is not there', async () => {
    const server = cluster()
    await applyManifest(deployment([{ name: 'app', image: 'i' }]), me, server)
    const other = deployment([{ name: 'app', image: 'i' }]) as KubeObject & { spec: object }
    const spec = { ...other.spec, selector: { matchLabels: { app: 'other' } } }
    const failing = dryRunManifest({ ...other, spec } as KubeObject, me, server)
    await expect(failing).rejects.toMatchObject({ code: 'invalid' })
    const elsewhere = { ...map({}), metadata: { name: 'c', namespace: 'none' } }
    await expect(dryRunManifest(elsewhere, me, server)).rejects.toMatchObject({ code: 'not-found' })
  })
})
