import { Failure } from '@alt-las/failure'
import type { Layout, Repository } from '@alt-las/registry'
import type { TagDecision } from './tag-plan.ts'

/**
 * Creates and moves tags, one after the other. A registry has no compare-and-swap: each tag is read right before and right after the
 * write, and the push that loses a race fails. `onSet` gets each tag that is known to point to this digest.
 */
export async function setTags(
  decisions: readonly TagDecision[],
  layout: Layout,
  repository: Pick<Repository, 'name' | 'resolve' | 'putManifest'>,
  onSet: (tag: string) => void,
): Promise<void> {
  const top = layout.manifests.find(({ descriptor }) => descriptor.digest === layout.top.digest)
  if (top === undefined)
    throw new Failure('no-manifest', 'the layout lacks its own manifest', { fault: 'ours' })
  for (const { tag, kind, previous, immutable } of decisions) {
    if (kind !== 'create' && kind !== 'move') continue
    const before = await repository.resolve(tag)
    if (before !== previous && before !== layout.top.digest) throw moved(repository.name, tag, before)
    if (immutable && before !== null && before !== layout.top.digest)
      throw moved(repository.name, tag, before)
    if (before !== layout.top.digest) await repository.putManifest(tag, top)
    const after = await repository.resolve(tag)
    if (after !== layout.top.digest) throw moved(repository.name, tag, after)
    onSet(tag)
  }
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
