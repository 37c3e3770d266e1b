import { isDeepStrictEqual } from 'node:util'
import { Failure } from '@alt-las/failure'
import { fromJson, toJson } from '../client/exact-json.ts'
import { atOf } from '../client/paths.ts'
import type { Cluster, DryRun } from '../types/cluster.ts'
import type { KubeObject } from '../types/objects.ts'
import { dryRunManifest } from './apply-manifest.ts'
import { takenOver } from './take-over.ts'

/**
 * Whether `applyManifest` would change anything, by a dry run. An object that this manager has never written counts as changed: only the owner of a
 * field can remove it later. A failed dry run counts as changed, too: the apply itself then gives the reason.
 */
export async function wouldChange(
  object: KubeObject,
  manager: string,
  cluster: Pick<Cluster, 'get'> & DryRun,
): Promise<boolean> {
  try {
    const live = await cluster.get(atOf(object))
    if (live === null || !hasWritten(live, manager) || takenOver(live, manager) !== null) return true
    return !isDeepStrictEqual(content(await dryRunManifest(object, manager, cluster)), content(live))
  } catch (error) {
    if (error instanceof Failure && isAboutObject(error)) return true
    throw error
  }
}

/** An unreachable cluster proves nothing about the object. */
const isAboutObject = ({ code }: Failure): boolean => !['unavailable', 'timeout', 'forbidden'].includes(code)

const hasWritten = ({ metadata }: KubeObject, manager: string): boolean =>
  (metadata.managedFields ?? []).some((one) => (one as { readonly manager?: string }).manager === manager)

const bookkeeping = new Set(['resourceVersion', 'generation', 'managedFields'])

/** Without the server's own fields. A patch of ours may have taken fields from our own apply: that is not a change. */
function content({ metadata, ...rest }: KubeObject): unknown {
  const kept = Object.entries(metadata).filter(([key]) => !bookkeeping.has(key))
  return fromJson(toJson([rest, Object.fromEntries(kept)]))
}
