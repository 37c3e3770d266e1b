import { join } from 'node:path'
import { describe, Failure } from '@alt-las/failure'
import type { Ports } from '../ports.ts'

/** Where Trivy keeps what it found in each layer: beside the database, or nowhere. */
export type CacheBackend = 'fs' | 'memory'

/**
 * Scans with the layers' cached results: a layer that did not change is not read again. Trivy itself waits five seconds for another scan
 * that uses the cache, and fails then; this scan goes on without the cache at once. A cache that cannot be used costs time, never the verdict.
 */
export async function withLayerCache<T>(
  cacheDir: string,
  scan: (backend: CacheBackend) => Promise<T>,
  { lock, log }: Pick<Ports, 'lock' | 'log'>,
): Promise<T> {
  const release = lock(join(cacheDir, 'layers.lock'))
  if (release === null) {
    log.line('layer cache: another scan uses it; this one reads every layer')
    return scan('memory')
  }
  try {
    return await scan('fs')
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'layer-cache-unusable') throw error
    log.warn(`layer cache: ${describe(error)}; this scan reads every layer`)
    return await scan('memory')
  } finally {
    release()
  }
}
