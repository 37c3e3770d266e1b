// Fencing tokens on objects: a run that lost its Lease cannot write them any more.
import { Failure } from '@alt-las/failure'
import type { At, Cluster } from '@alt-las/kubernetes'
import type { Journal } from '../model/ports.ts'
import type { Rollout } from '../model/rollout.ts'
import { factsOf } from '../strategies/phases.ts'
import { type Fence, among, writeTokens, fenced, highestToken, removeTokens } from './fence.ts'

export interface Fenced {
  /** With the token of this run. */
  readonly start: Rollout
  /** For the rollout's writes; the state and the lease are compare-and-swap by themselves. */
  readonly cluster: Cluster
  readonly journal: Journal
  /**
   * Writes the token onto every object that an earlier run could still write; await it before the first write. If a token is refused, a rollback is
   * still possible: an object without a token gets it with its first write, and an earlier run does not write after its lease.
   */
  readonly writeTokens: () => Promise<void>
}

export interface FencePorts {
  readonly cluster: Cluster
  readonly leftMs: () => number
  /** Every object that decides where traffic goes and that a run of the rollout may write. */
  readonly objectsOf: (rollout: Rollout) => Promise<readonly At[]>
}

/** Gives a run its token and saves it. Tokens are removed before the end is saved, so that the user's objects are restored. */
export async function fence(
  begun: Rollout,
  book: Journal,
  { cluster, leftMs, objectsOf }: FencePorts,
): Promise<Fenced> {
  // Another run has ended it meanwhile: nothing will be written, and no later save would remove the tokens.
  if (begun.phase.kind === 'done')
    return { start: begun, writeTokens: () => Promise.resolve(), cluster, journal: book }
  let objects = await objectsOf(begun)
  // Tokens on objects count more than a state that was removed from outside.
  const fencingToken = Math.max(begun.fencingToken, 1 + (await highestToken(objects, cluster)))
  const start = { ...begun, fencingToken }
  const rights: Fence = { token: fencingToken, leftMs, carriesToken: (at) => among(objects)(at) }
  await book.save(start)
  const markAll = async (rollout: Rollout): Promise<void> => {
    objects = both(objects, await objectsOf(rollout))
    await writeTokens(objects, cluster, rights)
  }
  return {
    start,
    writeTokens: () => writeTokens(objects, cluster, rights),
    cluster: fenced(cluster, rights),
    journal: {
      ...book,
      save: async (rollout) => {
        // The manifests may have created a Service or a route.
        if (factsOf(rollout.phase).claimsObjects) await markAll(rollout)
        if (rollout.phase.kind === 'done') await leave(objects, cluster, { rights, keep: () => book.keep() })
        await book.save(rollout)
      },
    },
  }
}

interface Leaving {
  readonly rights: Fence
  readonly keep: () => Promise<void>
}

/** A run that slept past its lease and was not replaced renews it once. A token that stays does no harm: the next rollout removes it. */
async function leave(objects: readonly At[], cluster: Cluster, { rights, keep }: Leaving): Promise<void> {
  const late = await left(objects, cluster, rights)
  if (!late) return
  await keep()
  await left(objects, cluster, rights)
}

/** Whether its time to write was over. */
async function left(objects: readonly At[], cluster: Cluster, rights: Fence): Promise<boolean> {
  try {
    await removeTokens(objects, cluster, rights)
    return false
  } catch (error) {
    if (!(error instanceof Failure) || error.code === 'lease-lost') throw error
    return error.code === 'too-late'
  }
}

const both = (one: readonly At[], other: readonly At[]): readonly At[] => [
  ...one,
  ...other.filter((at) => !among(one)(at)),
]
