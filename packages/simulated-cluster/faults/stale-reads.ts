import type { FakeCluster } from '../server/api-server.ts'
import { createStore } from '../server/store.ts'
import type { Whole } from './intercept.ts'

/** The same cluster, but what is read of it is as old as so many writes. */
export function yesterday(cluster: FakeCluster, writes: number): Whole {
  const old = createStore({ from: cluster.past(writes), notify: () => undefined, now: () => '' })
  return {
    ...cluster,
    get: async (at) => {
      await cluster.get(at)
      return (old.find(at) ?? null) as never
    },
    list: async (at) => {
      await cluster.list(at)
      return old.select(at) as never
    },
  }
}
