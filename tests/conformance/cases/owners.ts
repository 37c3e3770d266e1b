import type { Cluster } from '@alt-las/kubernetes'
import { awaited, gone, object, place, type Case, type World } from '../world.ts'

const map = (name: string, metadata: object = {}) => object('v1', 'ConfigMap', { name, ...metadata })
const at = (world: World, name: string) => place('v1', 'ConfigMap', world, name)

/** Garbage collection, and the order of watch events. */
export const owners: Case = {
  name: 'owners and watches',
  steps: [
    {
      name: 'what an object owns goes with it',
      run: async (world) => {
        const { metadata } = await world.cluster.apply(map('owner')(world), 'one')
        const ownerReferences = [
          { apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: metadata.uid ?? '' },
        ]
        await world.cluster.apply(map('owned', { ownerReferences })(world), 'one')
        await world.cluster.remove(at(world, 'owner'), {})
        return gone(at(world, 'owned'), world)
      },
    },
    {
      name: 'what is made for an owner that is not there goes, too: the name alone is nothing',
      run: async (world) => {
        await world.cluster.apply(map('namesake')(world), 'one')
        const uid = '00000000-0000-4000-8000-000000000000'
        const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'nobody', uid }]
        await world.cluster.apply(map('orphan', { ownerReferences })(world), 'one')
        return gone(at(world, 'orphan'), world)
      },
    },
    {
      name: 'a watch by labels gives the existing objects, then every change; an object that leaves the selector is deleted',
      run: async (world) => {
        const told: string[] = []
        const stop = new AbortController()
        const watch = { ...place('v1', 'ConfigMap', world), labelSelector: 'watch=yes' }
        await world.cluster.apply(map('w', { labels: { watch: 'yes' } })(world), 'one')
        const following = follow(world.cluster.watch(watch, stop.signal), told)
        const heard = (count: number) =>
          awaited(`${count} words`, world, async () => {
            await Promise.resolve()
            return told.length >= count ? true : null
          })
        await heard(1)
        await world.cluster.apply(map('w', { labels: { watch: 'yes', x: '1' } })(world), 'one')
        await world.cluster.apply(map('w', { labels: { watch: 'no' } })(world), 'one')
        await world.cluster.apply(map('w', { labels: { watch: 'yes' } })(world), 'one')
        await world.cluster.apply(map('other', { labels: { watch: 'no' } })(world), 'one')
        await world.cluster.remove(at(world, 'w'), {})
        await heard(5)
        stop.abort()
        await following
        return told
      },
    },
  ],
}

async function follow(watch: ReturnType<Cluster['watch']>, told: string[]): Promise<void> {
  for await (const seen of watch) {
    if ('object' in seen) told.push(`${seen.type} ${seen.object.metadata.name}`)
  }
}
