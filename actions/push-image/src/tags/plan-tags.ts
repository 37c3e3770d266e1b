import { describe, Failure } from '@alt-las/failure'
import type { Digest, Repository } from '@alt-las/registry'
import type { PushInputs } from '../inputs.ts'
import type { Ports } from '../ports.ts'
import { decideTag, type TagDecision } from './tag-plan.ts'
import { wantedTags } from './wanted-tags.ts'

/** Decides about each tag of the rules, from the digest that it points to now. */
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
  const existing = wanted.some(({ floats }) => floats !== null) ? await listTags(repository, log) : []
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

/** Only floating tags need the list; null where these credentials may not read it. */
async function listTags(
  repository: Pick<Repository, 'tags'>,
  log: Pick<Ports['log'], 'warn'>,
): Promise<readonly string[] | null> {
  try {
    return await repository.tags()
  } catch (error) {
    const isDenied =
      error instanceof Failure && ['registry-unauthorized', 'registry-denied'].includes(error.code)
    if (!isDenied) throw error
    log.warn(`the tags cannot be listed, so no floating tag moves: ${describe(error)}`)
    return null
  }
}
