import type { KubeObject } from '@alt-las/kubernetes'
import type { StoreState } from '../server/store.ts'
import { digest } from '../values/digest.ts'

/** A simulation at one instant: cheap to take, never changes, and any number of simulations can begin with it. */
export interface Snapshot {
  /** Virtual milliseconds since the simulation began. */
  readonly elapsed: number
  readonly state: StoreState
}

export interface FingerprintOptions {
  /** The relevant part of an object for a comparison of two clusters; callers may drop irrelevant parts (a Lease's times). */
  readonly canonical?: (object: KubeObject) => unknown
  /** Whether two worlds at different times can be the same: default false, since objects hold times. */
  readonly timeless?: boolean
}

/**
 * The name of a state: equal for two snapshots from which every fresh runner sees the same for ever. A uid counts by whose it is, a
 * resourceVersion only if another object mentions it: the number itself is invisible.
 */
export function fingerprint(snapshot: Snapshot, options: FingerprintOptions = {}): string {
  const { canonical = (object: KubeObject) => object, timeless = false } = options
  const objects = [...snapshot.state.kinds]
    .flatMap(([kind, found]) => [...found].map(([name, object]) => ({ key: `${kind} ${name}`, object })))
    .sort((one, other) => (one.key < other.key ? -1 : 1))
  const names = new Map(objects.map(({ key, object }) => [object.metadata.uid ?? '', key]))
  const text = objects
    .map(({ key, object }) => `${key} ${JSON.stringify(bare(canonical(object)))}`)
    .join('\n')
  const mentioned = new Set([...text.matchAll(/"(\d+)\\?"/g)].map(([, digits]) => digits))
  const versions = objects
    .filter(({ object }) => mentioned.has(object.metadata.resourceVersion))
    .map(({ key, object }) => `${key} ${object.metadata.resourceVersion ?? ''}`)
  let strangers = 0
  const named = text.replaceAll(/uid-\d+/g, (uid) => {
    const name = names.get(uid) ?? `stranger ${(strangers += 1)}`
    names.set(uid, name)
    return name
  })
  const time = timeless ? '' : String(snapshot.elapsed)
  return digest([time, ...versions, named].join('\n'))
}

/** Without the numbers that no two histories share; keys in one order. */
function bare(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(bare)
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== 'resourceVersion')
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, inner]) => [key, bare(inner)]),
  )
}
