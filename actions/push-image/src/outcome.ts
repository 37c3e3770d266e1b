import { describe, type Failure } from '@alt-las/failure'
import { formatPlatform, images, type Layout } from '@alt-las/registry'
import type { Evidence, Outcome, Timing } from '@alt-las/outcome'
import type { Approval } from './approval.ts'
import { formatBytes } from './bytes.ts'
import type { Inputs } from './inputs.ts'
import type { Published } from './blobs/publish.ts'
import type { TagDecision } from './tags/tag-plan.ts'

export type TagOutcome = PushEvidence['tagOutcome'][string]

export type PushEvidence = Evidence<'push-image'>

export type PushOutcome = Outcome<'push-image'>

/** What a push is about, as soon as its layout was read. */
export interface About {
  readonly inputs: Inputs
  readonly layout: Layout
  readonly approval: Approval | null
  readonly timings: readonly Timing[]
}

export function preflightPassed(inputs: Inputs, timings: readonly Timing[]): PushOutcome {
  const because = `${inputs.image.name} can be written to with these credentials`
  return { kind: 'passed', because, subject: { target: inputs.image.name }, evidence: bare(inputs), timings }
}

export function preflightDenied(inputs: Inputs, denial: Failure, timings: readonly Timing[]): PushOutcome {
  const because = `${inputs.image.name} cannot be written to: ${describe(denial)}`
  return { kind: 'refused', because, subject: { target: inputs.image.name }, evidence: bare(inputs), timings }
}

export function refused({ inputs, layout, approval, timings }: About, why: string): PushOutcome {
  const { digest } = layout.top
  const evidence = { ...bare(inputs), digest, platforms: platformsOf(layout), scan: scanOf(inputs, approval) }
  return { kind: 'refused', because: `nothing was pushed: ${why}`, subject: { digest }, evidence, timings }
}

export function pushed(about: About, published: Published, decisions: readonly TagDecision[]): PushOutcome {
  const { inputs, layout, approval, timings } = about
  const { digest } = layout.top
  const image = `${inputs.image.name}@${digest}`
  const here = decisions.filter(({ kind }) => kind !== 'hold-back' && kind !== 'refuse').map(({ tag }) => tag)
  const tagOutcome = Object.fromEntries(decisions.map((decision) => [decision.tag, outcomeOf(decision)]))
  const evidence = {
    ...bare(inputs),
    image,
    digest,
    platforms: platformsOf(layout),
    tags: here,
    tagOutcome,
    ...published,
    blobs: published.blobs.map(({ digest, size, how }) => ({ digest, sizeBytes: size, how })),
    scan: scanOf(inputs, approval),
    notices: noticesOf(inputs, approval, decisions),
  }
  const because = sentence(image, published, decisions)
  return { kind: 'passed', because, subject: { image, digest }, evidence, timings }
}

function bare(inputs: Inputs): PushEvidence {
  return {
    operation: inputs.operation,
    repository: inputs.image.name,
    image: null,
    digest: null,
    platforms: [],
    tags: [],
    tagOutcome: {},
    pushedBytes: 0,
    skippedBytes: 0,
    blobs: [],
    manifests: [],
    scan: null,
    notices: loweredNotice(inputs),
  }
}

function platformsOf(layout: Layout): readonly string[] {
  return images(layout).flatMap(({ platform }) => (platform === null ? [] : [formatPlatform(platform)]))
}

function scanOf(inputs: Inputs, approval: Approval | null): PushEvidence['scan'] {
  return approval === null ? null : { report: inputs.scanReport ?? '', because: approval.because }
}

function outcomeOf({ kind, previous, because }: TagDecision): TagOutcome {
  const outcomes = {
    create: 'created',
    move: 'moved',
    unchanged: 'unchanged',
    'hold-back': 'held-back',
  } as const
  return { outcome: kind === 'refuse' ? 'held-back' : outcomes[kind], previous, because }
}

function noticesOf(
  inputs: Inputs,
  approval: Approval | null,
  decisions: readonly TagDecision[],
): readonly string[] {
  return [
    ...loweredNotice(inputs),
    ...(approval === null ? ['scan-report is none: nothing vouches for these bytes'] : []),
    ...(decisions.length === 0 ? ['no rule gave a tag: the image is known by its digest alone'] : []),
    ...decisions
      .filter(({ kind }) => kind === 'hold-back')
      .map(({ tag, because }) => `${tag} was left where it is: ${because}`),
  ]
}

function loweredNotice({ image }: Inputs): readonly string[] {
  return image.changed ? [`the repository was lowered to ${image.name}: registries know no upper case`] : []
}

function sentence(image: string, published: Published, decisions: readonly TagDecision[]): string {
  const set = decisions.filter(({ kind }) => kind === 'create' || kind === 'move').map(({ tag }) => tag)
  if (published.manifests.length === 0 && set.length === 0)
    return `${image} was there already, nothing changed`
  const bytes = `${formatBytes(published.pushedBytes)} pushed, ${formatBytes(published.skippedBytes)} were there`
  return `${image}: ${bytes}; ${set.length === 0 ? 'no tag moved' : `set ${set.join(', ')}`}`
}
