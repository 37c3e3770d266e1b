import type { Digest } from '@alt-las/registry'
import type { Immutable } from './immutable.ts'
import { higherVersion, type WantedTag } from './wanted-tags.ts'

/** The decision about one tag. */
export interface TagDecision {
  readonly tag: string
  readonly kind: 'create' | 'move' | 'unchanged' | 'hold-back' | 'refuse'
  /** Where the tag points before the push. */
  readonly previous: Digest | null
  readonly immutable: boolean
  readonly because: string
}

export interface TagState {
  readonly digest: Digest
  /** Where the wanted tag points now; null where it does not exist. */
  readonly current: Digest | null
  /** Every tag of the repository; null where the list is denied. */
  readonly existing: readonly string[] | null
  readonly isImmutable: Immutable
}

/** An immutable tag never moves; a floating tag moves only to a higher version; a tag that points to this digest stays. */
export function decideTag({ tag, floats }: WantedTag, state: TagState): TagDecision {
  const { digest, current, existing } = state
  const immutable = state.isImmutable(tag)
  const decision = { tag, previous: current, immutable }
  if (current === digest) return { ...decision, kind: 'unchanged', because: 'it points to this digest' }
  if (current !== null && immutable) {
    return { ...decision, kind: 'refuse', because: `${tag} is immutable and points to ${current}` }
  }
  if (floats !== null && existing === null)
    return {
      ...decision,
      kind: 'hold-back',
      because: 'these credentials may not list tags, so a higher version may exist; allow them to list tags',
    }
  const higher = floats === null ? null : higherVersion(floats, existing ?? [])
  if (higher !== null)
    return { ...decision, kind: 'hold-back', because: `the higher version ${higher.text} exists` }
  if (floats !== null && floats.version.prerelease !== '')
    return { ...decision, kind: 'hold-back', because: `${floats.version.text} is a pre-release` }
  return current === null
    ? { ...decision, kind: 'create', because: 'it does not exist yet' }
    : { ...decision, kind: 'move', because: `it pointed to ${current}` }
}
