import { type SharedCache, sharedCache } from '@alt-las/kubernetes'
import { namespacesOf, type Plan } from '@alt-las/rollout'
import type { Ports } from '../ports.ts'

/** Some work on several targets with one cache: each kind of object is listed and watched once for all of them. */
export async function sharing<T>(
  plans: readonly Plan[],
  { cluster, clock, log }: Pick<Ports, 'cluster' | 'clock' | 'log'>,
  work: (watching: SharedCache['part'], places: ReturnType<typeof namespacesOf>) => Promise<T>,
): Promise<T> {
  const places = namespacesOf(plans)
  const cache = sharedCache(cluster, places, {
    clock,
    log: (text) => {
      log.line(text)
    },
  })
  try {
    return await work(cache.part, places)
  } finally {
    cache.close()
  }
}
