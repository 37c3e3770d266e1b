import { Failure } from '@alt-las/failure'
import { type At, type Cluster, type JsonPatch, type KubeObject, sameVersion } from '@alt-las/kubernetes'
import { fencingAnnotation } from '../model/names.ts'

/** The right of one run to write. The API server does not check leases, so objects carry the run's fencing token. */
export interface Fence {
  readonly token: number
  /** See `Holding.leftMs`. */
  readonly leftMs: () => number
  /** The objects with the token; all others are written with a test of the version that was read. */
  readonly carriesToken: (at: At) => boolean
}

/**
 * A cluster that accepts writes of this run only. A patch tests the token, an apply and a removal the version that was just read. An object
 * with a higher token makes it Failure `lease-lost`; one with a lower token gets the new one first and answers `conflict`: observe again.
 * Not fenced: a creation that is delayed in the network until another run has created the same object.
 */
export function fenced(cluster: Cluster, fence: Fence): Cluster {
  const { token, leftMs, carriesToken } = fence
  const limit = { leftMs }
  return {
    ...cluster,
    apply: async <T extends KubeObject>(object: T, manager: string) => {
      const at = atOf(object)
      const live = await cluster.get(at)
      if (live !== null) refuseOld(live, token)
      return cluster.apply(stamped(object, live, carriesToken(at) ? token : null), manager, limit)
    },
    patch: async <T extends KubeObject>(at: At, operations: readonly JsonPatch[]) => {
      if (!carriesToken(at)) return cluster.patch<T>(at, operations, limit)
      try {
        return await cluster.patch<T>(at, [is(token), ...operations], limit)
      } catch (error) {
        if (error instanceof Failure && error.code === 'conflict') await writeToken(at, cluster, fence)
        throw error
      }
    },
    remove: async (at, only) => {
      const live = await cluster.get(at)
      if (live === null) return
      refuseOld(live, token)
      const { uid, resourceVersion } = live.metadata
      const exactly = carriesToken(at) && resourceVersion !== undefined ? { resourceVersion } : {}
      await cluster.remove(at, { ...(uid === undefined ? {} : { uid }), ...only, ...exactly }, limit)
    },
  }
}

/** Writes the run's token onto all existing objects of these, before its first write: from then on an earlier run's patches fail. */
export async function writeTokens(objects: readonly At[], cluster: Cluster, fence: Fence): Promise<void> {
  const marked = await Promise.allSettled(
    objects.map((at) => persistently(() => writeToken(at, cluster, fence))),
  )
  const errors = marked.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []))
  // A replaced run must report the lost lease, not a single refused token.
  const replaced = errors.find((error) => error instanceof Failure && error.code === 'lease-lost')
  if (errors.length > 0) throw replaced ?? errors[0]
}

/** The highest token on any of these; 0 = none. */
export async function highestToken(objects: readonly At[], cluster: Pick<Cluster, 'get'>): Promise<number> {
  const live = await Promise.all(objects.map((at) => cluster.get(at)))
  const marks = live.map((one) => one?.metadata.annotations?.[fencingAnnotation])
  return Math.max(0, ...marks.map((value) => (value === undefined ? 0 : Math.floor(rankOf(value)))))
}

/** Removes the token. */
export async function removeTokens(objects: readonly At[], cluster: Cluster, fence: Fence): Promise<void> {
  await Promise.all(
    objects.map((at) =>
      persistently(async () => {
        const live = await cluster.get(at)
        if (live?.metadata.annotations?.[fencingAnnotation] !== String(fence.token)) return
        await cluster.patch(at, [is(fence.token), { op: 'remove', path }], fence)
      }),
    ),
  )
}

const path = `/metadata/annotations/${fencingAnnotation.replaceAll('/', '~1')}`

/** The operation that makes a patch one of this run. */
export const is = (token: number): JsonPatch => ({ op: 'test', path, value: String(token) })

/** The operation that hands it over to the next holder. */
export const becomes = (value: string): JsonPatch => ({ op: 'replace', path, value })

/** Does nothing if it has the token already; throws `lease-lost` if it has the token of a later run. */
async function writeToken(at: At, cluster: Cluster, { token, leftMs }: Fence): Promise<void> {
  const live = await cluster.get(at)
  if (live === null) return
  refuseOld(live, token)
  const { annotations } = live.metadata
  if (annotations?.[fencingAnnotation] === String(token)) return
  const add: JsonPatch =
    annotations === undefined
      ? { op: 'add', path: '/metadata/annotations', value: { [fencingAnnotation]: String(token) } }
      : { op: 'add', path, value: String(token) }
  await cluster.patch(at, [sameVersion(live), add], { leftMs })
}

function refuseOld({ kind, metadata }: KubeObject, token: number): void {
  const value = metadata.annotations?.[fencingAnnotation]
  if (value === undefined || rankOf(value) <= token) return
  const by = value.startsWith(fired) ? "the dead-man's switch has acted" : 'another run has taken over'
  throw new Failure('lease-lost', `${by} on ${kind} ${metadata.name}: this run stops writing`, {
    fault: 'outside',
    hint: 'run it again: it continues from the live state',
  })
}

const fired = 'guard-'

/** The watchdog's token comes after its run's token, and before the next run's. Other text counts as no token. */
function rankOf(value: string): number {
  const number = Number(value.startsWith(fired) ? value.slice(fired.length) : value)
  if (!Number.isFinite(number)) return 0
  return value.startsWith(fired) ? number + 0.5 : number
}

export const firedBy = (token: number): string => `${fired}${token}`

function stamped<T extends KubeObject>(object: T, live: KubeObject | null, token: number | null): T {
  const { annotations, ...metadata } = object.metadata
  const all = token === null ? annotations : { ...annotations, [fencingAnnotation]: String(token) }
  // The version alone is not enough: without the uid the API server would create a removed object again.
  const { resourceVersion: version, uid } = live?.metadata ?? {}
  return {
    ...object,
    metadata: {
      ...metadata,
      ...(all === undefined ? {} : { annotations: all }),
      ...(version === undefined ? {} : { resourceVersion: version }),
      ...(uid === undefined ? {} : { uid }),
    },
  }
}

const mostTries = 5

const isFinal = (error: unknown): boolean =>
  !(error instanceof Failure) || ['lease-lost', 'forbidden'].includes(error.code)

/** Others write status all the time: after a lost race, a lost answer or a server error the object is read again. */
async function persistently(work: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await work()
      return
    } catch (error) {
      if (error instanceof Failure && error.code === 'not-found') return
      if (isFinal(error) || attempt === mostTries) throw error
    }
  }
}

function atOf({ apiVersion, kind, metadata }: KubeObject): At {
  const { name, namespace } = metadata
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) }
}

/** By kind and name: an object keeps its token in any version of its group. */
export const among =
  (objects: readonly At[]) =>
  (at: At): boolean =>
    objects.some(({ kind, name }) => kind === at.kind && name === at.name)
