import type { At, JsonPatch, KubeObject } from '@alt-las/kubernetes'
import { type FakeCluster, fakeCluster } from '@alt-las/simulated-cluster'
import { describe, expect, test } from '@jest/globals'
import type { Audience } from './port/audience.ts'
import { routerFor } from './router-for.ts'
import { type Backend, type Fixture, fixtures, splitFor } from './testing/fixtures.ts'

const beta: Audience = { kind: 'header', name: 'X-Beta', value: 'true' }
const cookie: Audience = { kind: 'cookie', name: 'beta', value: '1' }
const lone: readonly Backend[] = [['web']]
const other: readonly Backend[] = [['api', 100]]
const before: readonly (readonly Backend[])[] = [other, lone, lone]

interface Spec {
  readonly rules?: readonly Rule[]
  readonly routes?: readonly Rule[]
  readonly http?: readonly Rule[]
}
type Rule = Readonly<Record<string, unknown>>
const rulesOf = (object: KubeObject): readonly Rule[] => {
  const { rules, routes, http } = (object as KubeObject & { readonly spec: Spec }).spec
  return rules ?? routes ?? http ?? []
}

function setUp(fixture: Fixture, object: KubeObject = fixture.write(before), audience: Audience = beta) {
  const cluster = fakeCluster({ objects: [object] })
  const plan = splitFor(fixture.router, { audience })
  const at: At = { apiVersion: object.apiVersion, kind: object.kind, namespace: 'shop', name: 'web' }
  const live = () => cluster.peek<KubeObject>(at) as KubeObject
  const router = routerFor(fixture.router, cluster)
  return { cluster, plan, at, live, router, spec: () => (live() as unknown as { spec: unknown }).spec }
}

const routed = fixtures.filter(({ manyRules }) => manyRules)

/** `kubectl patch`: the first patch whose tests hold. */
async function fire(
  cluster: FakeCluster,
  patches: ReturnType<typeof setUp>['router'],
  plan: ReturnType<typeof splitFor>,
) {
  const orders = await patches.resetPatches(plan, null)
  return async () => {
    for (const { at, operations, orElse } of orders)
      await firstOf(cluster, at, [operations, orElse ?? operations])
  }
}

async function firstOf(cluster: FakeCluster, at: At, patches: readonly (readonly JsonPatch[])[]) {
  for (const operations of patches) {
    try {
      return await cluster.patch(at, operations)
    } catch {
      continue
    }
  }
  throw new Error('no patch applies')
}

describe.each(routed.map((fixture) => [fixture.title, fixture] as const))('%s', (_title, fixture) => {
  test('the audience gets the canary alone, and stays on it at every weight', async () => {
    const { plan, router, live } = setUp(fixture)
    expect((await router.observe(plan)).audience).toBe('off')
    await router.sendAudience(plan)
    const added = rulesOf(live()).filter((rule) => JSON.stringify(rule).match(/x-beta/i))
    expect(added).toHaveLength(2)
    for (const percent of [0.1, 10, 50, 99.9].filter((one) => !fixture.hundred || one % 1 === 0)) {
      await router.split(plan, percent, null)
      const seen = await router.observe(plan, { weight: percent, originals: [] })
      expect(seen).toMatchObject({ audience: 'on', weight: percent, hasCanary: true })
      expect(rulesOf(live()).filter((rule) => JSON.stringify(rule).match(/x-beta/i))).toEqual(added)
    }
  })

  test.each([0, 100])('a split to %d %% takes it off in the same write', async (percent) => {
    const { plan, router, cluster, live } = setUp(fixture)
    await router.sendAudience(plan)
    await router.split(plan, 50, null)
    const writes = cluster.writes().length
    await router.split(plan, percent, null)
    expect(cluster.writes()).toHaveLength(writes + 1)
    expect(rulesOf(live())).toHaveLength(3)
    const seen = await router.observe(plan, { weight: percent, originals: [] })
    expect(seen).toMatchObject({ audience: 'off', weight: percent })
  })

  test('what was there before comes back exactly', async () => {
    const { plan, router, spec } = setUp(fixture)
    const was = structuredClone(spec())
    const { rules } = await router.observe(plan)
    await router.sendAudience(plan)
    expect((await router.observe(plan)).rules.map(({ rule }) => rule)).toEqual(rules.map(({ rule }) => rule))
    await router.split(plan, 10, null)
    await router.restore(plan, rules)
    expect(spec()).toEqual(was)
  })

  test('it is written once', async () => {
    const { plan, router, cluster } = setUp(fixture)
    await router.sendAudience(plan)
    await router.sendAudience(plan)
    expect(cluster.writes()).toHaveLength(1)
  })

  test('a rule by number is the same one with the audience', async () => {
    const { plan, router, live } = setUp(fixture)
    const second = { ...plan, route: 'web/2' }
    await router.sendAudience(second)
    expect(rulesOf(live())).toHaveLength(4)
    await router.split(second, 10, null)
    expect(await router.observe(second, { weight: 10, originals: [] })).toMatchObject({
      audience: 'on',
      weight: 10,
    })
    await router.split(second, 0, null)
    expect(fixture.read(live()).slice(0, 2)).toEqual([other, lone])
  })

  test('a rule of the audience that others have changed or removed is mended', async () => {
    const { plan, router, cluster, live, spec } = setUp(fixture)
    await router.sendAudience(plan)
    const whole = structuredClone(spec())
    const [list = ''] = Object.keys(whole as object).filter((key) =>
      ['rules', 'routes', 'http'].includes(key),
    )
    const rules = rulesOf(live())
    const found = rules.findIndex((rule) => JSON.stringify(rule).match(/x-beta/i))
    const put = (changed: readonly unknown[]) =>
      cluster.put({ ...live(), spec: { ...(spec() as object), [list]: changed } } as KubeObject)
    for (const changed of [
      rules.toSpliced(found, 1),
      rules.toSpliced(found, 1, { ...(rules[found] ?? {}), timeouts: { request: '9s' } }),
    ]) {
      put(changed)
      expect((await router.observe(plan)).audience).toBe('altered')
      await router.sendAudience(plan)
      expect(spec()).toEqual(whole)
    }
  })

  test('rules that were changed after they were read are not overwritten', async () => {
    const { plan, router, cluster, live, at } = setUp(fixture)
    cluster.hooks.beforeCall = ({ verb }) => {
      const { spec } = fixture.write([other, lone]) as unknown as { spec: unknown }
      if (verb === 'patch') cluster.put({ ...(cluster.peek(at) as KubeObject), spec } as KubeObject)
    }
    await expect(router.sendAudience(plan)).rejects.toMatchObject({ code: 'conflict' })
    expect(rulesOf(live())).toHaveLength(2)
  })

  test.each(['before', 'after'] as const)(
    "the dead-man's switch that was armed %s the audience came resets the routes with it and without it",
    async (when) => {
      for (const withIt of [true, false]) {
        const { plan, router, cluster, spec } = setUp(fixture)
        const was = structuredClone(spec())
        const { rules } = await router.observe(plan)
        if (when === 'after') await router.sendAudience(plan)
        const reset = await fire(cluster, router, plan)
        await (withIt ? router.sendAudience(plan) : router.split(plan, 0, null))
        await router.split(plan, 10, null)
        await reset()
        expect(await router.observe(plan)).toMatchObject({ weight: 0, audience: 'off' })
        await router.restore(plan, rules)
        expect(spec()).toEqual(was)
      }
    },
  )
})

describe('precedence', () => {
  const [gateway, traefik, , istio] = fixtures as readonly [Fixture, Fixture, Fixture, Fixture]

  test('HTTPRoute: one more header in every match, at the end, without a name', async () => {
    const object = gateway.write([lone, other]) as unknown as { spec: { rules: Rule[] } }
    const matches = [
      { path: { type: 'PathPrefix', value: '/a' } },
      { method: 'GET', headers: [{ name: 'A', value: 'b' }] },
    ]
    object.spec.rules[0] = { ...object.spec.rules[0], name: 'main', matches, filters: ['kept'] }
    const { plan, router, live } = setUp(gateway, object as unknown as KubeObject, cookie)
    await router.sendAudience(plan)
    const header = { type: 'RegularExpression', name: 'Cookie', value: '^(.*; *)?beta=1 *(;.*)?$' }
    expect(rulesOf(live()).at(-1)).toEqual({
      matches: [
        { path: { type: 'PathPrefix', value: '/a' }, headers: [header] },
        { method: 'GET', headers: [{ name: 'A', value: 'b' }, header] },
      ],
      filters: ['kept'],
      backendRefs: [
        { name: 'web', port: 80, weight: 0 },
        { name: 'web-canary', port: 80, weight: 100 },
      ],
    })
  })

  test('IngressRoute: one priority above the rule, not above longer rules of others', async () => {
    const { plan, router, live } = setUp(traefik, traefik.write([lone, other]))
    await router.sendAudience(plan)
    expect(rulesOf(live()).at(-1)).toMatchObject({
      match: '(PathPrefix(`/0`)) && Header(`X-Beta`, `true`)',
      priority: 'PathPrefix(`/0`)'.length + 1,
    })
  })

  test('VirtualService: before the rule, with the header in lower case', async () => {
    const { plan, router, live } = setUp(istio, istio.write([other, lone]))
    await router.sendAudience(plan)
    expect(rulesOf(live())[1]).toMatchObject({
      match: [{ headers: { 'x-beta': { exact: 'true' } } }],
      route: [{ weight: 0 }, { destination: { host: 'web-canary.shop.svc.cluster.local' }, weight: 100 }],
    })
    expect(rulesOf(live())).toHaveLength(3)
  })
})
