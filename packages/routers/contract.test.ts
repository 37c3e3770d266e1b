import type { At, KubeObject } from '@alt-las/kubernetes'
import { type FakeCluster, fakeCluster } from '@alt-las/simulated-cluster'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { routerFor } from './router-for.ts'
import { type Backend, type Fixture, fixtures, splitFor } from './testing/fixtures.ts'

const weights = [10, 33.3, 50, 100, 0] as const
const before = (rules: readonly unknown[]) => rules as never

function setUp(fixture: Fixture, rules: readonly (readonly Backend[])[], more = {}) {
  const object = fixture.write(rules)
  const cluster = fakeCluster({ objects: [object] })
  const plan = splitFor(fixture.router, more)
  const at: At = { apiVersion: object.apiVersion, kind: object.kind, namespace: 'shop', name: 'web' }
  const now = () => fixture.read(cluster.peek<KubeObject>(at) as KubeObject)
  return { cluster, plan, at, now, router: routerFor(fixture.router, cluster) }
}

const sumOf = (rule: readonly Backend[], ...names: readonly string[]) =>
  rule.filter(([name]) => names.includes(name)).reduce((sum, [, weight]) => sum + (weight ?? 1), 0)

/** The canary's share of the service's own traffic, in percent. */
const shareIn = (rule: readonly Backend[]) =>
  (100 * sumOf(rule, 'web-canary')) / (sumOf(rule, 'web', 'web-canary') || 1)

describe.each(fixtures.map((fixture) => [fixture.title, fixture] as const))('%s', (_title, fixture) => {
  const lone: readonly Backend[] = [['web']]
  const shared: readonly Backend[] = [
    ['web', 80],
    ['old', 20],
  ]

  test.each([lone, shared])('every weight is seen as it was set, never above it: %j', async (...rule) => {
    const { plan, router, now } = setUp(fixture, [rule])
    for (const percent of weights) {
      await router.split(plan, percent, null)
      const [written = []] = now()
      expect(shareIn(written)).toBeLessThanOrEqual(percent + 1e-9)
      expect(shareIn(written)).toBeGreaterThan(percent - 1.5)
      expect((await router.observe(plan, { weight: percent, originals: [] })).weight).toBe(percent)
      if (rule.length > 1) expect(sumOf(written, 'old') / sumOf(written, 'web', 'web-canary')).toBe(20 / 80)
      if (fixture.hundred) expect(sumOf(written, 'web', 'web-canary', 'old')).toBe(100)
    }
  })

  test('an object that is there already is not written', async () => {
    const { plan, router, cluster } = setUp(fixture, [lone])
    await router.split(plan, 50, null)
    await router.split(plan, 50, null)
    expect(cluster.writes()).toHaveLength(1)
  })

  test('rules that do not send to the service are not touched', async () => {
    const other: readonly Backend[] = [['api', 100]]
    const { plan, router, now } = setUp(fixture, fixture.manyRules ? [other, lone] : [lone])
    await router.split(plan, 10, null)
    if (fixture.manyRules) expect(now()[0]).toEqual(other)
    expect(now().at(-1)).toContainEqual(['web-canary', 10])
  })

  test('only the rule that `route` names is touched, and no route of another name', async () => {
    const named = setUp(fixture, fixture.manyRules ? [lone, lone] : [lone], { route: 'web/1' })
    await named.router.split(named.plan, 10, null)
    expect(named.now()[0]).toEqual(lone)
    if (fixture.manyRules) expect(named.now()[1]).toContainEqual(['web-canary', 10])
    const other = setUp(fixture, [lone], { route: 'shop' })
    await other.router.split(other.plan, 10, null)
    expect(other.cluster.writes()).toEqual([])
  })

  test('a rule that was changed after it was read is not overwritten', async () => {
    const { plan, router, cluster, at, now } = setUp(fixture, [lone])
    const theirs: readonly Backend[] = [
      ['web', 70],
      ['new', 30],
    ]
    cluster.hooks.beforeCall = ({ verb }) => {
      const { spec } = fixture.write([theirs]) as unknown as { spec: unknown }
      if (verb === 'patch') cluster.put({ ...(cluster.peek(at) as KubeObject), spec } as KubeObject)
    }
    await expect(router.split(plan, 50, null)).rejects.toMatchObject({ code: 'conflict' })
    expect(now()).toEqual([theirs])
  })

  test.each([lone, shared])('what was there before comes back exactly: %j', async (...rule) => {
    const { plan, router, now } = setUp(fixture, [rule])
    const { rules } = await router.observe(plan)
    for (const percent of weights) {
      await router.split(plan, percent, null)
      expect((await router.observe(plan, { weight: percent, originals: rules })).hasCanary).toBe(true)
    }
    await router.restore(plan, rules)
    expect(now()).toEqual([rule])
    const seen = await router.observe(plan, { weight: 0, originals: rules })
    expect([seen.hasCanary, seen.weight]).toEqual([false, 0])
  })

  test('where others have changed the rule, only the canary goes', async () => {
    const { plan, router, cluster, at, now } = setUp(fixture, [lone])
    const { rules } = await router.observe(plan)
    const theirs = fixture.write([
      [
        ['web', 40],
        ['web-canary', 10],
        ['new', 50],
      ],
    ]) as unknown as { spec: unknown }
    cluster.put({ ...(cluster.peek(at) as KubeObject), spec: theirs.spec } as KubeObject)
    await router.restore(plan, rules)
    expect(now()).toEqual([
      [
        ['web', 50],
        ['new', 50],
      ],
    ])
  })

  test.each(weights)('the retreat from %d %% writes what a split to 0 writes', async (percent) => {
    const one = setUp(fixture, [shared])
    const other = setUp(fixture, [shared])
    for (const { router, plan } of [one, other]) await router.split(plan, percent, null)
    await one.router.split(one.plan, 0, null)
    for (const { at, operations } of await other.router.resetPatches(other.plan, null))
      await other.cluster.patch(at, operations)
    expect(other.now()).toEqual(one.now())
  })

  test('rules that disagree have no weight', async () => {
    if (!fixture.manyRules) return
    const { plan, router } = setUp(fixture, [
      lone,
      [
        ['web', 90],
        ['web-canary', 10],
      ],
    ])
    expect((await router.observe(plan)).weight).toBeNull()
  })

  test('whatever the rules were, and whatever weights came, they come back', () => {
    const percents = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 4 })
    const property = fc.asyncProperty(rules(fixture.hundred), percents, async (rule, tenths) => {
      const { plan, router, now } = setUp(fixture, [rule])
      const { rules } = await router.observe(plan)
      for (const tenth of tenths) {
        await router.split(plan, tenth / 10, null)
        const [written = []] = now()
        expect(shareIn(written)).toBeLessThanOrEqual(tenth / 10 + 1e-9)
        expect(written.every(([, weight = 1]) => Number.isInteger(weight) && weight <= 1_000_000)).toBe(true)
      }
      await router.restore(plan, before(rules))
      expect(now()).toEqual([rule])
    })
    return fc.assert(property, { seed: 7, numRuns: 60 })
  })
})

describe('acceptance', () => {
  const put = (cluster: FakeCluster, at: At, change: object) =>
    cluster.put({ ...(cluster.peek(at) as KubeObject), ...change } as KubeObject)

  test('an HTTPRoute counts only once its newest generation is accepted by every parent', async () => {
    const [fixture] = fixtures as readonly [Fixture]
    const { plan, router, cluster, at } = setUp(fixture, [[['web']]])
    const parents = (observedGeneration: number, status = 'True') => ({
      status: {
        parents: [
          {
            parentRef: { name: 'atlas' },
            conditions: ['Accepted', 'ResolvedRefs'].map((type) => ({ type, status, observedGeneration })),
          },
        ],
      },
    })
    put(cluster, at, parents(1))
    expect((await router.observe(plan)).accepted).toBe(true)
    await router.split(plan, 10, null)
    expect((await router.observe(plan)).accepted).toBe(false)
    put(cluster, at, parents(2))
    expect((await router.observe(plan)).accepted).toBe(true)
    put(cluster, at, parents(2, 'False'))
    expect((await router.observe(plan)).because).toMatch(/^HTTPRoute web is not Accepted/)
  })

  test('a VirtualService waits for istiod where istiod writes a status, and says nothing where it does not', async () => {
    const fixture = fixtures.find(({ kind }) => kind === 'VirtualService') as Fixture
    const { plan, router, cluster, at } = setUp(fixture, [[['web']]])
    expect(await router.observe(plan)).toMatchObject({ accepted: true, because: 'written' })
    put(cluster, at, { status: { observedGeneration: '1' } })
    await router.split(plan, 10, null)
    expect(await router.observe(plan)).toMatchObject({
      accepted: false,
      because: 'VirtualService web: istiod has not observed its newest generation yet',
    })
    put(cluster, at, { status: { observedGeneration: '2' } })
    expect((await router.observe(plan)).accepted).toBe(true)
  })
})

/** One rule with up to three backends; `hundred`: its weights add up to 100. */
function rules(hundred: boolean): fc.Arbitrary<readonly Backend[]> {
  const weightless = fc.option(fc.integer({ min: 1, max: 1000 }), { nil: undefined, freq: 5 })
  const most = fc.integer({ min: 1, max: 40 })
  const named = (weights: readonly (number | undefined)[]) =>
    ['web', 'old', 'older'].slice(0, weights.length).map((name, at): Backend => [name, weights[at]])
  if (!hundred) return fc.array(weightless, { minLength: 1, maxLength: 3 }).map(named)
  return fc.array(most, { maxLength: 2 }).map((others) => {
    if (others.length === 0) return [['web']]
    return named([100 - others.reduce((sum, weight) => sum + weight, 0), ...others])
  })
}
