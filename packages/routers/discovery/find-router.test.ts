import { Failure } from '@alt-las/failure'
import type { KubeObject } from '@alt-las/kubernetes'
import { fakeCluster } from '@alt-las/simulated-cluster'
import { describe, expect, test } from '@jest/globals'
import { findRouter } from './find-router.ts'
import { type Fixture, fixtures } from '../testing/fixtures.ts'

const target = { namespace: 'shop', service: 'web', canaryService: 'web-canary', route: null }
const [gateway, ingress, , virtual] = fixtures as readonly [Fixture, Fixture, Fixture, Fixture]
const find = (live: readonly KubeObject[], declared: readonly KubeObject[] = [], more = {}) =>
  findRouter({ ...target, ...more }, declared, fakeCluster({ objects: live }))

describe('the router is found', () => {
  test.each(fixtures.map((fixture) => [fixture.title, fixture] as const))(
    'by a live %s that sends to the service',
    async (title, fixture) => {
      expect(await find([fixture.write([[['web']]])])).toEqual({
        kind: fixture.router,
        because: `router ${fixture.router}: ${title} shop/web sends to the Service shop/web`,
      })
    },
  )

  test('by a route of the manifests alone', async () => {
    expect((await find([], [virtual.write([[['web']]])])).kind).toBe('istio')
  })

  test('by the route that is named, among those of two routers', async () => {
    const named = { ...ingress.write([[['web']]]), metadata: { name: 'outside', namespace: 'shop' } }
    const live = [gateway.write([[['web']]]), named]
    expect((await find(live, [], { route: 'outside' })).kind).toBe('traefik')
  })

  test('or refused where two routers send to the service, with both names', async () => {
    await expect(find([gateway.write([[['web']]]), virtual.write([[['web']]])])).rejects.toThrow(
      'the Service shop/web gets traffic by HTTPRoute shop/web (router gateway-api) and by VirtualService shop/web (router istio)',
    )
  })

  test('or refused where nothing sends to it, with the remedy', async () => {
    await expect(find([gateway.write([[['api']]])])).rejects.toMatchObject({
      code: 'no-router',
      hint: 'add such a route to the manifests, or split by the share of pods with `router: replicas`',
    })
  })

  test('and kinds that may not be looked at are said so', async () => {
    const cluster = fakeCluster()
    const refused = new Failure('forbidden', 'no', { fault: 'input' })
    cluster.failNext({ verb: 'list', kind: 'IngressRoute' }, refused)
    await expect(findRouter(target, [], cluster)).rejects.toMatchObject({
      hint: 'the credentials may not list IngressRoute: grant it, or name the `router`',
    })
  })
})
