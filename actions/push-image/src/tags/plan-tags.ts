import type { Digest, Repository } from '@alt-las/registry'
import type { PushInputs } from '../inputs.ts'
import type { Ports } from '../ports.ts'
import { decideTag, type TagDecision } from './tag-plan.ts'
import { wantedTags } from './wanted-tags.ts'

/** Decides about every tag that the rules give, from where it points now. */
export async function planTags(
  { tags, immutable }: Pick<PushInputs, 'tags' | 'immutable'>,
  digest: Digest,
  ports: Pick<Ports, 'environment' | 'clock' | 'log'> & {
    readonly repository: Pick<Repository, 'tags' | 'resolve'>
  },
): Promise<readonly TagDecision[]> {
  const { repository, environment, clock, log } = ports
  const wanted = wantedTags(tags, { ...environment, now: clock.now() })
  if (wanted.length === 0) {
    const ref = environment.ref === '' ? 'this run' : environment.ref
    log.line(`no rule gives a tag for ${ref}: the image is pushed by digest alone`)
    return []
  }
  const existing = await repository.tags()
  const decisions: TagDecision[] = []
  for (const one of wanted) {
    // The list is not enough: some registries update it late.
    const current = await repository.resolve(one.tag)
    const decision = decideTag(one, { digest, current, existing, isImmutable: immutable })
    log.line(`${decision.tag}: ${decision.kind}, ${decision.because}`)
    decisions.push(decision)
  }
  return decisions
}
