import type { ConfigMap, KubeObject } from '@alt-las/kubernetes'
import { answer, object, place, type Case, type World } from '../world.ts'

const map = (data: object, metadata: object = {}, more: object = {}) =>
  object('v1', 'ConfigMap', { name: 'map', ...metadata }, { data, ...more })
const at = (world: World) => place('v1', 'ConfigMap', world, 'map')
const versionOf = (found: KubeObject | null) => found?.metadata.resourceVersion ?? ''

const patch = (world: World, ...operations: Parameters<World['cluster']['patch']>[1]) =>
  answer(() => world.cluster.patch(at(world), operations))
const apply = (world: World, make: (world: World) => KubeObject, manager = 'one') =>
  answer(() => world.cluster.apply(make(world), manager))

/** Applies, patches, versions and preconditions of an object without controllers. */
export const records: Case = {
  name: 'records',
  steps: [
    { name: 'an absent object is null', run: (world) => world.cluster.get(at(world)) },
    { name: 'an apply creates', run: (world) => apply(world, map({ a: '1', b: '1' })) },
    {
      name: 'an apply that changes nothing changes no version',
      run: async (world) => {
        const before = versionOf(await world.cluster.get(at(world)))
        return versionOf((await apply(world, map({ a: '1', b: '1' }))) as KubeObject) === before
      },
    },
    { name: 'a second manager adds its field', run: (world) => apply(world, map({ c: '1' }), 'two') },
    {
      name: 'a second manager that says the same is one more owner, and that is a new version',
      run: async (world) => {
        const before = versionOf(await world.cluster.get(at(world)))
        const after = await world.cluster.apply(map({ c: '1', a: '1' })(world), 'two')
        return [versionOf(after) === before, after]
      },
    },
    {
      name: 'what a manager no longer says goes, unless another says it',
      run: (world) => apply(world, map({})),
    },
    {
      name: 'what another manager sets otherwise becomes its own',
      run: (world) => apply(world, map({ c: '2' })),
    },
    {
      name: 'and is lost to the first, which cannot take it away',
      run: (world) => apply(world, map({ a: '1' }), 'two'),
    },
    {
      name: 'labels merge one by one',
      run: (world) => apply(world, map({ c: '2' }, { labels: { x: '1' } })),
    },
    {
      name: 'a stale version in an apply is a conflict',
      run: (world) => apply(world, map({ a: '9' }, { resourceVersion: '1' })),
    },
    {
      name: 'a wrong uid in an apply is invalid, with a stale version a conflict',
      run: async (world) => [
        await apply(world, map({ a: '9' }, { uid: 'no' })),
        await apply(world, map({ a: '9' }, { uid: 'no', resourceVersion: '1' })),
      ],
    },
    {
      name: 'the right version in an apply is accepted',
      run: async (world) => {
        const resourceVersion = versionOf(await world.cluster.get(at(world)))
        return apply(world, map({ c: '3' }, { resourceVersion }))
      },
    },
    {
      name: 'an apply with a version to an absent object creates it: a version locks only what is there',
      run: (world) => apply(world, map({}, { name: 'absent', resourceVersion: '1' })),
    },
    {
      name: 'an apply with a uid to an absent object is a conflict',
      run: async (world) => [
        await apply(world, map({}, { name: 'none', uid: 'no' })),
        await apply(world, map({}, { name: 'none', uid: 'no', resourceVersion: '1' })),
      ],
    },
    {
      name: 'an apply with uid and version of what is there is accepted, and a conflict once that is gone',
      run: async (world) => {
        await apply(world, map({ a: '1' }, { name: 'going' }))
        const going = place('v1', 'ConfigMap', world, 'going')
        const { uid, resourceVersion } = (await world.cluster.get(going))?.metadata ?? {}
        const there = await apply(world, map({ a: '2' }, { name: 'going', uid, resourceVersion }))
        const version = versionOf(there as KubeObject)
        await world.cluster.remove(going, {})
        return [there, await apply(world, map({ a: '3' }, { name: 'going', uid, resourceVersion: version }))]
      },
    },
    {
      name: 'an apply into an absent namespace',
      run: (world) => apply(world, map({}, { namespace: `${world.namespace}-no` })),
    },
    {
      name: 'a patch with a true test is made, and takes the field from who applied it',
      run: (world) =>
        patch(
          world,
          { op: 'test', path: '/data/c', value: '3' },
          { op: 'replace', path: '/data/c', value: '4' },
        ),
    },
    {
      name: 'a patch with a false test is a conflict',
      run: (world) =>
        patch(
          world,
          { op: 'test', path: '/data/c', value: '3' },
          { op: 'replace', path: '/data/c', value: '5' },
        ),
    },
    {
      name: 'a patch whose test is of the version is a compare-and-swap',
      run: async (world) => {
        const value = versionOf(await world.cluster.get(at(world)))
        const swap = () =>
          patch(
            world,
            { op: 'test', path: '/metadata/resourceVersion', value },
            { op: 'add', path: '/data', value: { d: value === '' ? '' : '1' } },
          )
        return [await swap(), await swap()]
      },
    },
    {
      name: 'a patch to a path that leads nowhere',
      run: (world) => patch(world, { op: 'replace', path: '/no/where', value: 1 }),
    },
    {
      name: 'a patch that removes what is not there',
      run: (world) => patch(world, { op: 'remove', path: '/data/none' }),
    },
    {
      name: 'a patch that adds under what is not there',
      run: (world) => patch(world, { op: 'add', path: '/metadata/annotations/x', value: '1' }),
    },
    {
      name: 'a patch of the version is a lock',
      run: (world) => patch(world, { op: 'replace', path: '/metadata/resourceVersion', value: '1' }),
    },
    {
      name: 'a patch of the uid',
      run: (world) => patch(world, { op: 'replace', path: '/metadata/uid', value: 'no' }),
    },
    {
      name: 'a patch of an absent object',
      run: (world) =>
        answer(() =>
          world.cluster.patch(place('v1', 'ConfigMap', world, 'nobody'), [
            { op: 'add', path: '/data', value: {} },
          ]),
        ),
    },
    {
      name: 'a patch that changes nothing changes no version',
      run: async (world) => {
        const before = versionOf(await world.cluster.get(at(world)))
        return (
          versionOf((await patch(world, { op: 'add', path: '/data', value: { d: '1' } })) as KubeObject) ===
          before
        )
      },
    },
    {
      name: 'a removal with a wrong uid',
      run: (world) => answer(() => world.cluster.remove(at(world), { uid: 'no' })),
    },
    {
      name: 'a removal with a stale version',
      run: (world) => answer(() => world.cluster.remove(at(world), { resourceVersion: '1' })),
    },
    {
      name: 'a removal with the right ones',
      run: async (world) => {
        const found = await world.cluster.get(at(world))
        const { uid = '', resourceVersion = '' } = found?.metadata ?? {}
        await world.cluster.remove(at(world), { uid, resourceVersion })
        return world.cluster.get(at(world))
      },
    },
    {
      name: 'a removal of what is absent',
      run: (world) => answer(() => world.cluster.remove(at(world), {})),
    },
    {
      name: 'a list is in the order of names, and selectors choose',
      run: async (world) => {
        const names = async (labelSelector: string) =>
          (await world.cluster.list({ ...place('v1', 'ConfigMap', world), labelSelector })).map(
            ({ metadata }) => metadata.name,
          )
        for (const [name, tier] of [
          ['l-c', 'x'],
          ['l-a', 'y'],
          ['l-b', 'x'],
        ] as const)
          await apply(world, map({}, { name, labels: { list: 'yes', tier } }))
        return Promise.all(
          ['list=yes', 'list=yes,tier!=x', 'list,tier in (x,z)', 'list,!tier', 'list,tier notin (x)'].map(
            names,
          ),
        )
      },
    },
    {
      name: 'an immutable ConfigMap',
      run: async (world) => [
        await apply(world, map({ a: '1' }, { name: 'fixed' }, { immutable: true })),
        await apply(world, map({ a: '2' }, { name: 'fixed' }, { immutable: true })),
        await apply(world, map({ a: '1' }, { name: 'fixed' })),
        await apply(
          world,
          map({ a: '1' }, { name: 'fixed', labels: { may: 'change' } }, { immutable: true }),
        ),
      ],
    },
    {
      name: 'the type of a Secret',
      run: async (world) => {
        const secret = (type: string) =>
          object('v1', 'Secret', { name: 'secret' }, { type, data: { a: 'eA==' } })
        return [await apply(world, secret('Opaque')), await apply(world, secret('example.com/other'))]
      },
    },
    {
      name: 'a finalizer keeps what is removed until it is taken off',
      run: async (world) => {
        const kept = place('v1', 'ConfigMap', world, 'kept')
        await apply(world, map({}, { name: 'kept', finalizers: ['example.com/keep'] }))
        await world.cluster.remove(kept, {})
        const ending = await world.cluster.get<ConfigMap>(kept)
        await world.cluster.remove(kept, {})
        await world.cluster.patch(kept, [{ op: 'remove', path: '/metadata/finalizers' }])
        return [ending, await world.cluster.get(kept)]
      },
    },
    {
      name: 'a Lease is taken by one patch',
      run: async (world) => {
        const lease = place('coordination.k8s.io/v1', 'Lease', world, 'lease')
        const made = await apply(world, object('coordination.k8s.io/v1', 'Lease', { name: 'lease' }))
        const spec = { holderIdentity: 'one', leaseDurationSeconds: 30, leaseTransitions: 0 }
        return [
          made,
          await answer(() => world.cluster.patch(lease, [{ op: 'add', path: '/spec', value: spec }])),
        ]
      },
    },
  ],
}
