import type { Digest } from '@alt-las/registry'
import type { Immutable } from './immutable.ts'
import { higherVersion, type Wanted } from './wanted-tags.ts'

/** What is to be done about one tag. */
export interface TagDecision {
  readonly tag: string
  readonly kind: 'create' | 'move' | 'unchanged' | 'hold-back' | 'refuse'
  /** Where the tag points before the push. */
  readonly previous: Digest | null
  readonly immutable: boolean
  readonly because: string
}

export interface TagFacts {
  readonly digest: Digest
  /** Where the wanted tag points now; null where it is absent. */
  readonly current: Digest | null
  /** Every tag of the repository. */
  readonly existing: readonly string[]
  readonly isImmutable: Immutable
}

/** The law of tags: what is immutable never moves, what floats goes up only, what points here already is left alone. */
export function decideTag({ tag, floats }: Wanted, facts: TagFacts): TagDecision {
  const { digest, current, existing } = facts
  const immutable = facts.isImmutable(tag)
  const decision = { tag, previous: current, immutable }
  if (current === digest) return { ...decision, kind: 'unchanged', because: 'it points to this digest' }
  if (current !== null && immutable) {
    return { ...decision, kind: 'refuse', because: `${tag} is immutable and points to ${current}` }
  }
  const higher = floats === null ? null : higherVersion(floats, existing)
  if (higher !== null)
    return { ...decision, kind: 'hold-back', because: `${higher.text} is there and higher` }
  if (floats !== null && floats.version.prerelease !== '')
    return { ...decision, kind: 'hold-back', because: `${floats.version.text} is a pre-release` }
  return current === null
    ? { ...decision, kind: 'create', because: 'it is not there yet' }
    : { ...decision, kind: 'move', because: `it pointed to ${current}` }
}
