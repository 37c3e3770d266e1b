import type { Digest } from '@alt-las/registry'
import type { Immutable } from './immutable.ts'
import { higherVersion, type Floating } from './floating.ts'
import { isHigher, type Version } from './version.ts'
import type { WantedTag } from './wanted-tags.ts'

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
  /** The version of the image that a floating tag points to now; null where it is not known. */
  readonly was: Version | null
  readonly isImmutable: Immutable
}

type TagVerdict = Pick<TagDecision, 'kind' | 'because'>

/** An immutable tag never moves; a floating tag moves only to a higher version; a tag that points to this digest stays. */
export function decideTag(wanted: WantedTag, state: TagState): TagDecision {
  const { tag } = wanted
  const { current } = state
  const immutable = state.isImmutable(tag)
  return { tag, previous: current, immutable, ...(verdictOn(wanted, state, immutable) ?? move(current)) }
}

function verdictOn({ tag, floats }: WantedTag, state: TagState, isImmutable: boolean): TagVerdict | null {
  const { digest, current } = state
  if (current === digest) return { kind: 'unchanged', because: 'it points to this digest' }
  if (current !== null && isImmutable)
    return { kind: 'refuse', because: `${tag} is immutable and points to ${current}` }
  const why = floats === null ? null : whyNot(tag, floats, state)
  return why === null ? null : { kind: 'hold-back', because: why }
}

function move(current: Digest | null): TagVerdict {
  if (current === null) return { kind: 'create', because: 'it does not exist yet' }
  return { kind: 'move', because: `it pointed to ${current}` }
}

/** Why a floating tag stays where it is: it would go back, or that cannot be told. */
function whyNot(tag: string, floats: Floating, { current, existing, was }: TagState): string | null {
  const { version } = floats
  if (existing === null)
    return 'these credentials may not list tags, so a higher version may exist; allow them to list tags'
  const higher = higherVersion(floats, existing)
  if (version === null) {
    const known = higher ?? (current === null ? null : was)
    return known === null
      ? null
      : `the ref is not a version, and ${tag} stands for versions such as ${known.text}`
  }
  if (higher !== null) return `the higher version ${higher.text} exists`
  if (version.prerelease !== '') return `${version.text} is a pre-release`
  if (current === null) return null
  if (was === null)
    return `it points to ${current}, and no tag or label gives that image's version, so it may be higher; delete ${tag} or move it by hand once`
  return isHigher(was, version) ? `it points to the higher version ${was.text}` : null
}
