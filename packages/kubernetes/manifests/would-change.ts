import { isDeepStrictEqual } from 'node:util'
import { Failure } from '@alt-las/failure'
import { atOf } from '../client/paths.ts'
import type { Cluster, DryRun } from '../types/cluster.ts'
import type { KubeObject } from '../types/objects.ts'
import { dryRunManifest } from './apply-manifest.ts'
import { takenOver } from './take-over.ts'

/**
 * Whether `applyManifest` would change anything, by a dry run: content or ownership. What cannot be asked about counts as a change: the apply
 * itself then says why.
 */
export async function wouldChange(
  object: KubeObject,
  manager: string,
  cluster: Pick<Cluster, 'get'> & DryRun,
): Promise<boolean> {
  const live = await cluster.get(atOf(object))
  if (live === null || takenOver(live, manager) !== null) return true
  try {
    return !isDeepStrictEqual(comparable(await dryRunManifest(object, manager, cluster)), comparable(live))
  } catch (error) {
    if (error instanceof Failure) return true
    throw error
  }
}

/** Without what differs between a read and a dry run of no change. */
function comparable({ metadata, ...rest }: KubeObject): unknown {
  const { managedFields = [], ...kept } = metadata
  const entries = managedFields.map((one) => Object.entries(one as object).filter(([key]) => key !== 'time'))
  const bare = Object.entries(kept).filter(([key]) => !['resourceVersion', 'generation'].includes(key))
  return JSON.parse(
    JSON.stringify([rest, Object.fromEntries(bare), entries.map((one) => Object.fromEntries(one))]),
  )
}
