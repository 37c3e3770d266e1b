// What every controller shares: one look at the cluster, and how the pods of an image behave.
import type { Condition, KubeObject, Pod } from '@alt-las/kubernetes'
import type { FakeCluster } from '../../server/api-server.ts'
import { atOf } from '../../server/place.ts'
import type { Behaviours, Timing } from './behaviour.ts'

/** What controllers see and do in one round. */
export interface Round {
  /** Virtual wall time, ms since 1970. */
  readonly now: number
  readonly timing: Timing
  readonly behaviour: Behaviours
  readonly load: (autoscaler: KubeObject) => number | null
  of<T extends KubeObject>(kind: string): readonly T[]
  /** What `owner` controls, by name. */
  owned<T extends KubeObject>(kind: string, owner: KubeObject): readonly T[]
  put<T extends KubeObject>(object: T): void
  /** As by the API: a pod gets its grace. */
  remove(object: KubeObject): void
  /** Gone at once. */
  erase(object: KubeObject): void
  /** There will be something to do then, in ms since 1970. */
  wake(at: number): void
}

export interface RoundOptions extends Pick<Round, 'now' | 'timing' | 'behaviour' | 'load' | 'wake'> {
  readonly cluster: FakeCluster
}

export function createRound({ cluster, ...options }: RoundOptions): Round {
  const owners = new Map<string, Map<string, KubeObject[]>>()
  const forget = ({ kind }: KubeObject) => void owners.delete(kind)
  const ownersOf = (kind: string): Map<string, KubeObject[]> => {
    const known = owners.get(kind)
    if (known !== undefined) return known
    const fresh = new Map<string, KubeObject[]>()
    for (const one of cluster.all(kind)) {
      const uid = one.metadata.ownerReferences?.find(({ controller }) => controller === true)?.uid
      if (uid === undefined) continue
      const found = fresh.get(uid)
      if (found === undefined) fresh.set(uid, [one])
      else found.push(one)
    }
    for (const list of fresh.values()) list.sort(byName)
    owners.set(kind, fresh)
    return fresh
  }
  return {
    ...options,
    of: (kind) => cluster.all(kind),
    owned: (kind, owner) => (ownersOf(kind).get(owner.metadata.uid ?? '') ?? []) as never,
    put: (object) => {
      forget(object)
      cluster.put(object)
    },
    remove: (object) => {
      forget(object)
      cluster.end(atOf(object))
    },
    erase: (object) => {
      forget(object)
      cluster.drop(atOf(object))
    },
  }
}

const byName = (one: KubeObject, other: KubeObject): number =>
  one.metadata.name.length - other.metadata.name.length || (one.metadata.name < other.metadata.name ? -1 : 1)

/** The reference by which `object` controls what it makes. */
export const ownerOf = ({ apiVersion, kind, metadata }: KubeObject) => ({
  apiVersion,
  kind,
  name: metadata.name,
  uid: metadata.uid ?? '',
  controller: true,
  blockOwnerDeletion: true,
})

export const isEnding = ({ metadata }: KubeObject): boolean => metadata.deletionTimestamp !== undefined

export const isOver = ({ status }: Pod): boolean =>
  status?.phase === 'Succeeded' || status?.phase === 'Failed'

export const isReady = (pod: Pod): boolean => readyCondition(pod)?.status === 'True'

/** Ready for as long as its owner asks; otherwise it wakes the round when it will be. */
export function isAvailable(pod: Pod, minReadySeconds: number, round: Round): boolean {
  const condition = readyCondition(pod)
  if (condition?.status !== 'True') return false
  if (minReadySeconds === 0) return true
  const at = Date.parse(condition.lastTransitionTime ?? '') + minReadySeconds * 1000
  if (round.now >= at) return true
  round.wake(at)
  return false
}

const readyCondition = ({ status }: Pod): Condition | undefined =>
  status?.conditions?.find(({ type }) => type === 'Ready')

/** Pods that count for their controller. */
export const isActive = (pod: Pod): boolean => !isEnding(pod) && !isOver(pod)

export const textOf = (ms: number): string => new Date(ms).toISOString()

/** Numbers that the API leaves out where they are 0. */
export function counted<T extends Readonly<Record<string, number>>>(numbers: T): Partial<T> {
  return Object.fromEntries(Object.entries(numbers).filter(([, value]) => value > 0)) as Partial<T>
}

/** Short and stable, as the suffix of names that depend on a template. */
export function hashOf(value: unknown): string {
  let hash = 0x811c9dc5
  for (const char of JSON.stringify(value)) {
    hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0
  }
  return hash.toString(36)
}
