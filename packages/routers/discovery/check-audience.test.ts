import type { KubeObject } from '@alt-las/kubernetes'
import { fakeCluster } from '@alt-las/simulated-cluster'
import { describe, expect, test } from '@jest/globals'
import { checkRouter } from './check-router.ts'
import type { Audience } from '../port/audience.ts'
import { type Backend, type Fixture, fixtures, splitFor } from '../testing/fixtures.ts'

const beta: Audience = { kind: 'header', name: 'X-Beta', value: 'true' }
const cookie: Audience = { kind: 'cookie', name: 'beta', value: '1' }
const lone: readonly Backend[] = [['web']]
const other: readonly Backend[] = [['api', 100]]
type Rule = Readonly<Record<string, unknown>>

describe('before the first write', () => {
  const [gateway, traefik, split, istio] = fixtures as readonly [Fixture, Fixture, Fixture, Fixture]
  const check = (fixture: Fixture, object: KubeObject, audience: Audience = beta) =>
    checkRouter(splitFor(fixture.router, { audience }), {
      declared: [],
      replicas: 4,
      cluster: fakeCluster({ objects: [object] }),
    })
  const changed = (object: KubeObject, change: (rule: Rule) => Rule) =>
    ({
      ...object,
      spec: Object.fromEntries(
        Object.entries((object as unknown as { spec: object }).spec).map(
          ([key, value]: [string, unknown]) => [
            key,
            key === 'parentRefs' || !Array.isArray(value) || key === 'hosts'
              ? value
              : (value as Rule[]).map(change),
          ],
        ),
      ),
    }) as KubeObject

  test('a route that can take the audience passes', async () => {
    for (const fixture of [gateway, traefik, istio]) await check(fixture, fixture.write([other, lone, lone]))
  })

  test('an HTTPRoute with too many rules or matches is refused with the figures', async () => {
    await check(gateway, gateway.write(Array.from({ length: 8 }, () => lone)))
    await expect(check(gateway, gateway.write(Array.from({ length: 9 }, () => lone)))).rejects.toThrow(
      'HTTPRoute shop/web cannot send an audience to the canary: it has 9 rules and needs 9 more for the audience, and an HTTPRoute may have 16',
    )
    const many = changed(gateway.write([lone, lone]), (rule) => ({
      ...rule,
      matches: Array.from({ length: 40 }, () => ({})),
    }))
    await expect(check(gateway, many)).rejects.toThrow('it has 80 matches and needs 80 more for the audience')
  })

  test('a header that a rule asks for already is refused', async () => {
    const http = changed(gateway.write([lone]), (rule) => ({
      ...rule,
      matches: [{ headers: [{ name: 'x-beta', value: '1' }] }],
    }))
    const virtual = changed(istio.write([lone]), (rule) => ({
      ...rule,
      match: [{ headers: { 'x-beta': { exact: '1' } } }],
    }))
    for (const [fixture, object] of [
      [gateway, http],
      [istio, virtual],
    ] as const)
      await expect(check(fixture, object)).rejects.toThrow('a rule already asks for the header X-Beta')
  })

  test('a gateway that is known to compare exact values only is refused for a cookie, not for a header', async () => {
    const object = gateway.write([lone])
    const parents = [{ parentRef: { name: 'atlas' }, controllerName: 'networking.gke.io/gateway' }]
    const route = { ...object, status: { parents } } as KubeObject
    await check(gateway, route)
    await expect(check(gateway, route, cookie)).rejects.toThrow('compares headers with exact values only')
  })

  test('what has no rules for requests is refused', async () => {
    await expect(check(split, split.write([lone]))).rejects.toThrow(
      'a TraefikService has weights, but no rules',
    )
    for (const router of ['replicas', 'service'] as const)
      await expect(
        checkRouter(splitFor(router, { audience: beta }), {
          declared: [],
          replicas: 4,
          cluster: fakeCluster({}),
        }),
      ).rejects.toThrow(`the router ${router} cannot tell the requests of an audience apart`)
  })

  test('rules of Traefik 2, and a priority that another rule has, are refused', async () => {
    const old = changed(traefik.write([lone]), (rule) => ({ ...rule, syntax: 'v2' }))
    await expect(check(traefik, old)).rejects.toThrow('rules of Traefik 2')
    const tied = changed(traefik.write([lone, other]), (rule) =>
      rule['match'] === 'PathPrefix(`/1`)' ? { ...rule, priority: 17 } : rule,
    )
    await expect(check(traefik, tied)).rejects.toThrow('the route PathPrefix(`/1`) has priority 17')
  })
})
