import { Failure } from '@alt-las/failure'
import type { Descriptor, Layout, Repository } from '@alt-las/registry'
import type { TagDecision } from './tag-plan.ts'

/**
 * Creates and moves tags, one after the other. A registry has no compare-and-swap: each tag is read right before and right after the
 * write, and the push that loses a race fails. `onSet` gets each tag that is known to point to this digest.
 */
export async function setTags(
  decisions: readonly TagDecision[],
  top: TopManifest,
  repository: Pick<Repository, 'name' | 'resolve' | 'putManifest'>,
  onSet: (tag: string) => void,
): Promise<void> {
  const { digest } = top.descriptor
  for (const { tag, kind, previous, immutable } of decisions) {
    if (kind !== 'create' && kind !== 'move') continue
    const before = await repository.resolve(tag)
    if (before !== previous && before !== digest) throw moved(repository.name, tag, before)
    if (immutable && before !== null && before !== digest) throw moved(repository.name, tag, before)
    if (before !== digest) await repository.putManifest(tag, top)
    const after = await repository.resolve(tag)
    if (after !== digest) throw moved(repository.name, tag, after)
    onSet(tag)
  }
}

/** The manifest that tags point to. */
export interface TopManifest {
  readonly descriptor: Descriptor
  readonly bytes: Uint8Array
}

/** That of a layout. */
export function topManifest({ manifests, top }: Layout): TopManifest {
  const found = manifests.find(({ descriptor }) => descriptor.digest === top.digest)
  if (found === undefined)
    throw new Failure('no-manifest', 'the layout lacks its own manifest', { fault: 'ours' })
  return found
}

function moved(name: string, tag: string, to: string | null): Failure<'tag-race'> {
  return new Failure(
    'tag-race',
    `${name}:${tag} points to ${to ?? 'nothing'}: another push set it at the same time`,
    {
      fault: 'outside',
      hint: 'decide which release gets the tag (jobs of one repository need a `concurrency` group), then run it again',
    },
  )
}
