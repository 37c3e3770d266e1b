import { Failure } from '@alt-las/failure'
import type { At, Cluster, JsonPatch, Limit } from '../types/cluster.ts'
import type { KubeObject } from '../types/objects.ts'

/**
 * A patch whose `test` operations make it a compare-and-swap. The API server answers a failed test as 422; here it is Failure `conflict`
 * like every other lost race, and the loop observes again.
 */
export async function compareAndSwap<T extends KubeObject>(
  at: At,
  operations: readonly JsonPatch[],
  cluster: Pick<Cluster, 'patch'>,
  limit?: Limit,
): Promise<T> {
  try {
    return await cluster.patch<T>(at, operations, limit)
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'invalid') throw error
    throw new Failure('conflict', `${at.kind} ${at.name ?? ''} was changed from outside meanwhile`, {
      fault: 'outside',
      cause: error,
    })
  }
}

/** The `test` operation for the version of the object that was read. */
export const sameVersion = ({ metadata }: Pick<KubeObject, 'metadata'>): JsonPatch => ({
  op: 'test',
  path: '/metadata/resourceVersion',
  value: metadata.resourceVersion ?? '',
})

/** No answer at all: neither a refusal nor a lost race. */
export const isUnanswered = (error: unknown): error is Failure =>
  error instanceof Failure && (error.code === 'unavailable' || error.code === 'timeout')

/**
 * Whether only another read shows the result: another writer was faster, or the answer was lost. A compare-and-swap is never
 * repeated blindly, since its second try would meet its own first.
 */
export const isUnclear = (error: unknown): boolean =>
  isUnanswered(error) || (error instanceof Failure && ['conflict', 'too-late'].includes(error.code))
