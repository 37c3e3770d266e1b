import { describe, Failure } from '@alt-las/failure'
import type { Digest, Repository } from '@alt-las/registry'
import type { PushInputs } from '../inputs.ts'
import type { Ports } from '../ports.ts'
import { currentVersion } from './current-version.ts'
import { higherVersion } from './floating.ts'
import { decideTag, type TagDecision, type TagState } from './tag-plan.ts'
import type { Version } from './version.ts'
import { wantedTags, type WantedTag } from './wanted-tags.ts'

type PlanSource = Pick<Repository, 'name' | 'tags' | 'resolve' | 'getManifest' | 'readBlob'>

/** Decides about each tag of the rules, from the digest that it points to now. */
export async function planTags(
  { tags, immutable }: Pick<PushInputs, 'tags' | 'immutable'>,
  digest: Digest,
  ports: Pick<Ports, 'environment' | 'clock' | 'log'> & {
    readonly repository: PlanSource
  },
): Promise<readonly TagDecision[]> {
  const { environment, clock, log } = ports
  const repository = remembering(ports.repository)
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
    const was = await versionOf(one, { digest, current, existing }, repository)
    const decision = decideTag(one, { digest, current, existing, was, isImmutable: immutable })
    log.line(`${decision.tag}: ${decision.kind}, ${decision.because}`)
    decisions.push(decision)
  }
  return decisions
}

/** Asks for each tag once: several floating tags look at the same versions. */
function remembering(repository: PlanSource): PlanSource {
  const asked = new Map<string, Promise<Digest | null>>()
  const resolve = (tag: string) => {
    const known = asked.get(tag) ?? repository.resolve(tag)
    asked.set(tag, known)
    return known
  }
  return { ...repository, resolve }
}

// Only a floating tag that would move needs it.
async function versionOf(
  { floats }: WantedTag,
  { digest, current, existing }: Pick<TagState, 'digest' | 'current' | 'existing'>,
  repository: PlanSource,
): Promise<Version | null> {
  if (floats === null || existing === null || current === null || current === digest) return null
  return higherVersion(floats, existing) ?? currentVersion(current, { floats, existing }, repository)
}

/** Only floating tags need the list; null where these credentials may not read it. */
async function listTags(
  repository: Pick<Repository, 'tags'>,
  log: Pick<Ports['log'], 'warn'>,
): Promise<readonly string[] | null> {
  try {
    return await repository.tags()
  } catch (error) {
    const denials = ['registry-unauthorized', 'registry-denied', 'registry-refused']
    if (!(error instanceof Failure) || !denials.includes(error.code)) throw error
    log.warn(`the tags cannot be listed, so no floating tag moves: ${describe(error)}`)
    return null
  }
}
