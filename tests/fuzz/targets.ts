import { builds } from './builds.ts'
import { cluster } from './cluster.ts'
import { documents } from './documents.ts'
import type { Target } from './harness.ts'
import { layouts } from './layouts.ts'
import { metrics } from './metrics.ts'
import { registry } from './registry.ts'
import { scans } from './scans.ts'
import { service } from './service.ts'

/** Every parser of foreign text. */
export const targets: readonly Target[] = [
  ...[...registry, ...layouts, ...builds, ...scans],
  ...[...cluster, ...metrics, ...service, ...documents],
]
