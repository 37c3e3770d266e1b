// A client of the Kubernetes API in eight verbs, a cache that lists and watches, the types of the objects, and manifests from files.
export type * from './types/cluster.ts'
export type * from './types/access.ts'
export type * from './types/objects.ts'
export type * from './types/pods.ts'
export type * from './types/workloads.ts'
export type * from './types/networking.ts'
export type * from './types/records.ts'
export { timeOfEvent } from './types/records.ts'
export { wouldChange } from './manifests/would-change.ts'
export { takenOver } from './manifests/take-over.ts'
export { exactly, fromJson, toJson, toServerJson } from './client/exact-json.ts'
export { createApi } from './client/api.ts'
export { clusterOver, connect, proxyOver, type Connected } from './client/client.ts'
export { type Answer, type Ask, type Connection } from './client/connection.ts'
export { isApiServerHeader } from './client/pass-through.ts'
export { type TargetOptions } from './client/find-target.ts'
export {
  cached,
  sharedCache,
  type CachedCluster,
  type CacheOptions,
  type SharedCache,
} from './cache/cache.ts'
export { readManifestFiles, readManifests } from './manifests/manifests.ts'
export { type Manifest } from './manifests/parse-manifests.ts'
export { applyManifest, dryRunManifest } from './manifests/apply-manifest.ts'
export { compareAndSwap, isUnanswered, isUnclear, sameVersion } from './client/compare-and-swap.ts'
export { unlessRefused } from './client/unless-refused.ts'
export { plural } from './types/plural.ts'
export { formatQuantity, quantity } from './types/quantity.ts'
export { title } from './types/title.ts'
