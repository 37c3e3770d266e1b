// Fencing tokens on objects: a run that lost its Lease cannot write them any more.
import { Failure } from '@alt-las/failure'
import type { At, Cluster } from '@alt-las/kubernetes'
import type { Journal } from '../model/ports.ts'
import type { Rollout } from '../model/rollout.ts'
import { factsOf } from '../strategies/phases.ts'
import { type Fence, among, writeTokens, fenced, highestToken, removeTokens } from './fence.ts'

export interface Fenced {
  /** With the number of this run. */
  readonly start: Rollout
  /** For the rollout's writes; the state and the lease are compare-and-swap by themselves. */
  readonly cluster: Cluster
  readonly journal: Journal
  /**
   * Marks whatever an earlier run could still write; to be awaited before the first write. Where a mark is refused there still is a way back: what
   * carries none is marked when it is written, and an earlier run writes no longer than its lease.
   */
  readonly writeTokens: () => Promise<void>
}

export interface FencePorts {
  readonly cluster: Cluster
  readonly leftMs: () => number
  /** Every object that decides where traffic goes and that a run of the rollout may write. */
  readonly objectsOf: (rollout: Rollout) => Promise<readonly At[]>
}

/** Gives a run its number and saves it. The marks come off before the end is saved: what is the user's own is left as it was. */
export async function fence(
  begun: Rollout,
  book: Journal,
  { cluster, leftMs, objectsOf }: FencePorts,
): Promise<Fenced> {
  // Another run has ended it meanwhile: nothing will be written, and no save would come that takes marks off again.
  if (begun.phase.kind === 'done')
    return { start: begun, writeTokens: () => Promise.resolve(), cluster, journal: book }
  let objects = await objectsOf(begun)
  // The marks say more than a state that somebody has removed.
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
        // The manifests may have brought a Service or a route that was not there before.
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

/** Whoever slept past its time and was not replaced renews it once. A mark that stays does no harm: the next rollout takes it off. */
async function leave(objects: readonly At[], cluster: Cluster, { rights, keep }: Leaving): Promise<void> {
  const late = await left(objects, cluster, rights)
  if (!late) return
  await keep()
  await left(objects, cluster, rights)
}

/** True where the time in which it may write was over. */
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
