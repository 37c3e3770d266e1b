import type { HTTPRoute } from '@alt-las/kubernetes'
import { routerFor } from '@alt-las/routers'
import { answer, awaited, object, place, type Case, type World } from '../world.ts'

const group = 'gateway.networking.k8s.io/v1'
const at = (world: World) => place(group, 'HTTPRoute', world, 'route')
const route = (weight: number) =>
  object(
    group,
    'HTTPRoute',
    { name: 'route' },
    {
      spec: {
        parentRefs: [{ name: 'gateway' }],
        hostnames: ['conformance.invalid'],
        rules: [
          {
            backendRefs: [
              { name: 'there', port: 80, weight: 100 - weight },
              { name: 'missing', port: 80, weight },
            ],
          },
        ],
      },
    },
  )

/** The verdicts on the newest generation. */
const verdicts = (world: World, generation: number, resolved: string) =>
  awaited('the route to be judged', world, async () => {
    const found = await world.cluster.get<HTTPRoute>(at(world))
    const conditions = (found?.status?.parents?.[0]?.conditions ?? []).filter(({ type }) =>
      ['Accepted', 'ResolvedRefs'].includes(type),
    )
    const seen = conditions.length === 2 && conditions.every((one) => one.observedGeneration === generation)
    const isResolved = conditions.some(({ type, status }) => type === 'ResolvedRefs' && status === resolved)
    if (!seen || !isResolved) return null
    return conditions.map(({ type, status, reason }) => [type, status, reason]).toSorted()
  })

const routed = ({ cluster, namespace }: World) => ({
  router: routerFor('gateway-api', cluster),
  split: {
    ...{ namespace, deployment: 'there', service: 'there', canaryService: 'missing', route: null },
    audience: { kind: 'cookie', name: 'beta', value: '1' } as const,
  },
})

/** A custom resource with a controller: the route that a rollout moves its weights on. */
export const routes: Case = {
  name: 'routes',
  steps: [
    {
      name: 'a route is created with its defaults',
      run: async (world) => {
        const spec = {
          gatewayClassName: 'traefik',
          listeners: [{ name: 'internal', port: 8081, protocol: 'HTTP' }],
        }
        await world.cluster.apply(object(group, 'Gateway', { name: 'gateway' }, { spec })(world), 'one')
        const ports = [{ port: 80, targetPort: 8080 }]
        await world.cluster.apply(
          object('v1', 'Service', { name: 'there' }, { spec: { selector: { app: 'no' }, ports } })(world),
          'one',
        )
        return { ...(await world.cluster.apply(route(0)(world), 'one')), status: undefined }
      },
    },
    {
      name: 'it is accepted, and its missing Service is not found',
      run: (world) => verdicts(world, 1, 'False'),
    },
    {
      name: 'a patch of the weights is a new generation, and takes all rules',
      run: async (world) => {
        const path = '/spec/rules/0/backendRefs/1/weight'
        const after = await world.cluster.patch<HTTPRoute>(at(world), [
          { op: 'test', path, value: 0 },
          { op: 'replace', path, value: 5 },
        ])
        return { ...after, status: undefined }
      },
    },
    {
      name: 'with its Service there, it is resolved in the newest generation',
      run: async (world) => {
        const ports = [{ port: 80, targetPort: 8080 }]
        await world.cluster.apply(
          object('v1', 'Service', { name: 'missing' }, { spec: { selector: { app: 'no' }, ports } })(world),
          'one',
        )
        return verdicts(world, 2, 'True')
      },
    },
    {
      name: 'an apply replaces all rules',
      run: async (world) => ({ ...(await world.cluster.apply(route(7)(world), 'one')), status: undefined }),
    },
    {
      name: 'a test of a weight that is no longer so is a conflict',
      run: (world) =>
        answer(() =>
          world.cluster.patch(at(world), [
            { op: 'test', path: '/spec/rules/0/backendRefs/1/weight', value: 5 },
            { op: 'replace', path: '/spec/rules/0/backendRefs/1/weight', value: 9 },
          ]),
        ),
    },
    { name: 'its verdicts follow', run: (world) => verdicts(world, 3, 'True') },
    {
      name: 'a rule for an audience gets its defaults, and is what the router wrote',
      run: async (world) => {
        const { router, split } = routed(world)
        await router.sendAudience(split)
        const { audience } = await router.observe(split)
        return { audience, spec: (await world.cluster.get<HTTPRoute>(at(world)))?.spec }
      },
    },
    {
      name: "the patch of the dead-man's switch removes it by the rule's number and value",
      run: async (world) => {
        const { router, split } = routed(world)
        for (const { at: where, operations } of await router.resetPatches(split, null))
          await world.cluster.patch(where, operations)
        const { audience } = await router.observe(split)
        return { audience, spec: (await world.cluster.get<HTTPRoute>(at(world)))?.spec }
      },
    },
    {
      name: 'that patch is a conflict where the rule is not there, and the other one applies',
      run: async (world) => {
        const { router, split } = routed(world)
        const [reset] = await router.resetPatches(split, null)
        const where = reset?.at ?? at(world)
        const first = await answer(() => world.cluster.patch(where, reset?.operations ?? []))
        await world.cluster.patch(where, reset?.orElse ?? [])
        return { first, spec: (await world.cluster.get<HTTPRoute>(at(world)))?.spec }
      },
    },
  ],
}
