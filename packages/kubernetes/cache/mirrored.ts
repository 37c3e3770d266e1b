import type { At, Cluster } from '../types/cluster.ts'
import { cached, type CachedCluster, type CacheOptions } from './cache.ts'

/** The former name of `cached`. */
export const mirrored = (
  cluster: Cluster,
  watched: readonly At[],
  { clock, tell }: Pick<CacheOptions, 'clock'> & { readonly tell?: (line: string) => void },
): CachedCluster => cached(cluster, watched, { clock, ...(tell === undefined ? {} : { log: tell }) })
