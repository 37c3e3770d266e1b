// A client of the Kubernetes API in eight verbs, a cache that lists and watches, the types of the objects, and manifests from files.
export type * from './types/cluster.ts'
export type * from './types/objects.ts'
export type * from './types/pods.ts'
export type * from './types/workloads.ts'
export type * from './types/networking.ts'
export type * from './types/records.ts'
export { timeOfEvent } from './types/records.ts'
export { wouldChange } from './manifests/would-change.ts'
export { takenOver } from './manifests/take-over.ts'
export { createApi } from './client/api.ts'
export { clusterOver, connect, proxyOver, type Connected, type ConnectOptions } from './client/client.ts'
export { type Answer, type Ask, type Connection, type Traffic } from './client/connection.ts'
export { type TargetOptions } from './client/find-target.ts'
export {
  cached,
  type CachedCluster,
  type CachedCluster as Mirrored,
  type CacheOptions,
} from './cache/cache.ts'
export { mirrored } from './cache/mirrored.ts'
export { readManifestFiles, readManifests } from './manifests/manifests.ts'
export { type Manifest } from './manifests/parse-manifests.ts'
export { applyManifest, dryRunManifest } from './manifests/apply-manifest.ts'
export { compareAndSwap, isUnclear } from './client/compare-and-swap.ts'
export { plural } from './types/plural.ts'
export { title } from './types/title.ts'
