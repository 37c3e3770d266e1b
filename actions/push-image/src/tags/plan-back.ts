import type { Digest, Repository } from '@alt-las/registry'
import type { TagInputs, TagTarget } from '../inputs.ts'
import type { Ports } from '../ports.ts'
import type { TagDecision } from './tag-plan.ts'
import { wantedTags, type WantedTag } from './wanted-tags.ts'

type Back = Extract<TagTarget, { kind: 'back' }>

export type BackPlan =
  | { readonly kind: 'refused'; readonly because: string }
  | { readonly kind: 'planned'; readonly digest: Digest; readonly decisions: readonly TagDecision[] }

/**
 * Decides which floating tags move back from a release to an earlier one: those that point to exactly the image that was rolled back. A tag that
 * a later release has moved on stays, and so does one whose range has no earlier version.
 */
export async function planBack(
  { tags, immutable }: Pick<TagInputs, 'tags' | 'immutable'>,
  { release, toRelease }: Back,
  ports: Pick<Ports, 'environment' | 'clock' | 'log'> & {
    readonly repository: Pick<Repository, 'name' | 'resolve'>
  },
): Promise<BackPlan> {
  const { environment, clock, log, repository } = ports
  const wantedOf = (name: string) =>
    wantedTags(tags, { ...environment, ref: `refs/tags/${name}`, now: clock.now() })
  const [after, before] = [wantedOf(toRelease), wantedOf(release)]
  const digest = await imageOf(after, repository)
  const undone = await imageOf(before, repository)
  if (digest === null || undone === null) {
    const missing = digest === null ? toRelease : release
    return { kind: 'refused', because: `${repository.name} has no tag of the version ${missing}` }
  }
  const decisions: TagDecision[] = []
  for (const { tag } of floating([...after, ...before])) {
    const current = await repository.resolve(tag)
    const isOfBoth = after.some((one) => one.tag === tag)
    const state = { digest, undone, current, isOfBoth, isImmutable: immutable(tag) }
    const decision = {
      tag,
      previous: current,
      immutable: immutable(tag),
      ...decideBack({ release, toRelease }, state),
    }
    log.line(`${tag}: ${decision.kind}, ${decision.because}`)
    decisions.push(decision)
  }
  return { kind: 'planned', digest, decisions }
}

/** The image of a release, by the first of its version tags that exists; null without any. */
async function imageOf(
  wanted: readonly WantedTag[],
  repository: Pick<Repository, 'resolve'>,
): Promise<Digest | null> {
  for (const { tag, floats } of wanted) {
    const found = floats === null ? await repository.resolve(tag) : null
    if (found !== null) return found
  }
  return null
}

function floating(wanted: readonly WantedTag[]): readonly WantedTag[] {
  const all = wanted.filter(({ floats }) => floats !== null)
  return [...new Map(all.map((one) => [one.tag, one])).values()]
}

interface State {
  readonly digest: Digest
  readonly undone: Digest
  readonly current: Digest | null
  /** Whether the tag stands for the version to return to, too. */
  readonly isOfBoth: boolean
  readonly isImmutable: boolean
}

function decideBack(
  { release, toRelease }: Pick<Back, 'release' | 'toRelease'>,
  { digest, undone, current, isOfBoth, isImmutable }: State,
): Pick<TagDecision, 'kind' | 'because'> {
  if (current === digest) return { kind: 'unchanged', because: `it points to ${toRelease}` }
  if (current === null) return { kind: 'hold-back', because: 'it does not exist' }
  if (current !== undone)
    return { kind: 'hold-back', because: `it points to ${current}, which is not ${release}` }
  if (!isOfBoth)
    return {
      kind: 'hold-back',
      because: `it points to ${release}, and ${toRelease} is no version of its range`,
    }
  if (isImmutable) return { kind: 'refuse', because: 'it is immutable, and points to ' + release }
  return { kind: 'move', because: `it goes back from ${release} to ${toRelease}` }
}
